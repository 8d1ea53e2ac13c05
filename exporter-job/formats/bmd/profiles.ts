// Columns of the personal accounts' file. BMD has no fixed headings for them: these are two sets in use, and the spec may name its own.
import type {BmdFormat} from '../../../crds/formats/bmd.ts'
import type {PartnerColumn} from '../../datasets/partners.ts'

/** A column of the file. */
export interface ProfileColumn {
  readonly heading: string
  /** The dataset's column that fills it. */
  readonly from: string
  /** Characters. */
  readonly max: number
  /** The dataset must have it, and no value may be empty. */
  readonly required: boolean
}

type Profile = BmdFormat['personalAccounts']['profile']
type Row = readonly [heading: string, from: PartnerColumn, max: number]

/** Lengths of Standard are those of the values; NTCS's own are not known. Those of Stamerf are BMD 5.5's. */
const PROFILES: Readonly<Record<Profile, readonly Row[]>> = {
  Standard: [
    ['KontoNummer', 'account', 9],
    ['Name', 'name', 50],
    ['Strasse', 'street', 50],
    ['PLZ', 'postal_code', 12],
    ['Ort', 'city', 50],
    ['Land', 'country', 3],
    ['Telefon', 'telephone', 30],
    ['E-Mail', 'email', 100],
    ['UID', 'vat_id', 15],
    ['IBAN', 'iban', 34],
    ['BIC', 'bic', 12],
  ],
  Stamerf: [
    ['Konto-Nr', 'account', 9],
    ['Name', 'name', 35],
    ['Strasse', 'street', 30],
    ['Postltz', 'postal_code', 12],
    ['Ort', 'city', 20],
    ['Telefon-Nr', 'telephone', 18],
  ],
}

/** Digits of a personal account. */
export const ACCOUNT_DIGITS = 9

/** The columns that the spec asks for, in the order of the file. Only account and name are required of a profile, but all of the spec's own. */
export function profileColumns({profile, columns}: BmdFormat['personalAccounts']): readonly ProfileColumn[] {
  if (columns.length > 0) return columns.map((column) => ({...column, required: column.from === 'account'}))
  return PROFILES[profile].map(([heading, from, max]) => ({heading, from, max, required: from === 'account' || from === 'name'}))
}
