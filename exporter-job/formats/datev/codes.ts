// Codes of two or three capital letters that DATEV columns take, as tables that the encoder looks a code up in.
import {CURRENCIES} from '../../../crds/currencies.ts'
import type {CodeList} from './types.ts'

/** ISO 3166-1 alpha-2 with XI and XK, as DATEV's ledger schema lists them; and EL, which VAT calls Greece. */
const COUNTRIES = `
  AD AE AF AG AI AL AM AN AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI
  CK CL CM CN CO CR CS CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH EL ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP
  GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS
  LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH
  PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM
  TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XI XK YE YT ZA ZM ZW
`

/** Prefixes of VAT ids: members (Greece is EL), XI for Northern Ireland, and GB for supplies before 2021. */
const EU_COUNTRIES = `
  AT BE BG CY CZ DE DK EE EL ES FI FR GB HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI
`

/** Column 96, Buchungstyp of advance payments. */
const ADVANCE_PAYMENTS = `
  AA AG AV SR SU SG SO
`

const A = 0x41

/** 1 at the packed number of each code of a list. */
export const CODE_TABLES: Readonly<Record<CodeList, Uint8Array>> = {
  currency: table(CURRENCIES.join(' '), 3),
  country: table(COUNTRIES, 2),
  euCountry: table(EU_COUNTRIES, 2),
  advancePayment: table(ADVANCE_PAYMENTS, 2),
}

/** Two or three capital letters as one number, A = 0; -1 for anything else. */
export function packLetters(bytes: Uint8Array, from: number, to: number): number {
  let packed = 0
  for (let index = from; index < to; index++) {
    const letter = bytes[index]! - A
    if (letter < 0 || letter > 25) return -1
    packed = packed * 26 + letter
  }
  return packed
}

/** A packed currency code as text. */
export function unpackCurrency(packed: number): string {
  return String.fromCharCode(A + Math.floor(packed / 676), A + (Math.floor(packed / 26) % 26), A + (packed % 26))
}

function table(list: string, letters: number): Uint8Array {
  const known = new Uint8Array(26 ** letters)
  for (const code of list.trim().split(/\s+/)) known[packLetters(Buffer.from(code), 0, letters)] = 1
  return known
}
