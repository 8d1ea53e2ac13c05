// The header: elements filled from the spec and the run, by the same plan as rows. What is wrong there is wrong in the spec.
import {lastDay} from '../../../crds/period.ts'
import {localDate} from '../../../crds/zone.ts'
import type {SaftFormat} from '../../../crds/formats/saft.ts'
import {PermanentFault} from '../../errors.ts'
import type {FormatContext} from '../types.ts'
import type {Element} from './elements.ts'
import type {RowOptions} from './encode.ts'
import {createRow} from './encode.ts'
import type {Compilation} from './plan.ts'
import {compile} from './plan.ts'
import type {HeaderValues, Profile} from './profile.ts'
import type {RuleContext} from './rules.ts'
import {sentence} from './rules.ts'

/** The names that a profile's header may use; the profile may add its own. */
export function headerValues(profile: Profile, spec: SaftFormat, context: FormatContext): HeaderValues {
  const {company} = spec
  return {
    registration_number: company.registrationNumber,
    name: company.name,
    vat_number: company.vatNumber,
    street: company.address?.street,
    street_number: company.address?.number,
    address_extra: company.address?.extra,
    postal_code: company.address?.postalCode,
    city: company.address?.city,
    region: company.address?.region,
    country: company.address?.country,
    first_name: company.contact?.firstName,
    last_name: company.contact?.lastName,
    telephone: company.contact?.telephone,
    email: company.contact?.email,
    website: company.contact?.website,
    iban: company.iban,
    currency: spec.currency ?? profile.currency,
    created_on: localDate(context.createdAt, context.timeZone),
    start: context.period.start,
    end: lastDay(context.period),
    software_version: context.programVersion,
    comment: spec.comment,
    ...profile.headerValues(spec, context),
  }
}

export interface HeaderOptions extends Pick<RowOptions, 'text' | 'fiscalYearStart'>, Pick<Compilation, 'encode' | 'keys' | 'said'> {
  readonly profile: string
  readonly rules: RuleContext
}

/** @throws PermanentFault SpecRefused naming the element and what would be right */
export function headerBytes(elements: readonly Element[], values: HeaderValues, options: HeaderOptions): Uint8Array {
  const filled = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '')
  const columns = new Map(filled.map(([name], index) => [name, index]))
  const plan = compile(elements, {...options, columns})
  const [missing] = plan.missing
  if (missing !== undefined) throw refused(options.profile, missing.path, 'must be filled: the authority requires it')
  const row = createRow({
    ...options,
    columns: filled.length,
    formulas: 'Report',
    broken: (rule, _, subject) => {
      throw refused(options.profile, subject.path, sentence(rule, subject, options.rules))
    },
    noted: () => undefined,
  })
  const source = Buffer.from(`${filled.map(([, value]) => value.replaceAll('\\', '\\\\')).join('\t')}\n`)
  if (row.take(source, 0) < 0) throw refused(options.profile, 'Header', 'must hold no control characters')
  row.cursor.out = new Uint8Array(plan.maxBytes + 1024)
  row.write(plan)
  return row.cursor.out.subarray(0, row.cursor.at)
}

function refused(profile: string, path: string, right: string): PermanentFault {
  return new PermanentFault('SpecRefused', `spec.format.saft, for ${path} of ${profile}: ${right}`)
}
