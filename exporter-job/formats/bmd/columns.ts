// The 90 fields of the bookings file, one a line. Order and case are free in BMD; text stands last, as is recommended.
// Where the facts give no length, it is the width of the field in BMD 5.5, or 255 for a text. Amounts are "15,2" in the facts: 15 digits, two
// of them decimals, is the narrower reading, and the one that sums hold exactly.
import {BMD_COLUMNS} from '../../../crds/formats/bmd-columns.ts'
import type {BmdColumnName} from '../../../crds/formats/bmd-columns.ts'
import type {BmdColumn} from './types.ts'

/** Digits of an amount before the comma. */
export const AMOUNT_DIGITS = 13

/** In the order of the file. */
export const BOOKING_FIELDS: readonly BmdColumn[] = [
  {name: 'satzart', kind: 'record', records: '015', from: 'record_kind'},
  {name: 'konto', kind: 'account', digits: 10, records: '015', required: '015', from: 'account'},
  {name: 'gkonto', kind: 'account', digits: 10, records: '015', required: '0', from: 'contra_account'},
  {name: 'buchdatum', kind: 'postingDate', records: '015', from: 'posted_on'},
  {name: 'belegnr', kind: 'documentNumber', max: 60, records: '015', required: '015', from: 'document_number'},
  {name: 'belegdatum', kind: 'date', records: '015', required: '015', from: 'document_date'},
  {name: 'buchsymbol', kind: 'symbol', max: 4, records: '015', required: '0', from: 'document_kind'},
  {name: 'buchcode', kind: 'side', records: '015', required: '0', from: 'debit_credit'},
  {name: 'prozent', kind: 'percent', digits: 3, decimals: 3, records: '0', from: 'tax_rate'},
  {name: 'steuercode', kind: 'integer', digits: 4, records: '0', from: 'tax_key'},
  {name: 'betrag', kind: 'amount', records: '0', required: '0', from: 'amount'},
  {name: 'steuer', kind: 'tax', records: '0', from: 'tax_amount'},
  {name: 'periode', kind: 'integer', digits: 2, records: '015'},
  {name: 'ebkennz', kind: 'integer', digits: 1, records: '0'},
  {name: 'skonto', kind: 'decimal', digits: 13, decimals: 2, signed: true, records: '0'},
  {name: 'opbetrag', kind: 'decimal', digits: 13, decimals: 2, signed: true, records: '0'},
  {name: 'zziel', kind: 'integer', digits: 6, records: '0'},
  {name: 'skontopz', kind: 'decimal', digits: 2, decimals: 2, records: '0'},
  {name: 'skontotage', kind: 'integer', digits: 4, records: '0'},
  {name: 'skontopz2', kind: 'decimal', digits: 2, decimals: 2, records: '0'},
  {name: 'skontotage2', kind: 'integer', digits: 4, records: '0'},
  {name: 'faelligkeit', kind: 'date', records: '0'},
  {name: 'valutadatum', kind: 'date', records: '0', attested: false},
  {name: 'kost', kind: 'text', max: 20, records: '01', from: 'cost_center_1'},
  {name: 'kotraeger', kind: 'text', max: 20, records: '01', from: 'cost_center_2'},
  {name: 'komenge', kind: 'decimal', digits: 11, decimals: 6, signed: true, records: '01', from: 'cost_quantity'},
  {name: 'komengenr', kind: 'integer', digits: 18, records: '01'},
  {name: 'kovariator', kind: 'integer', digits: 5, records: '01', attested: false},
  {name: 'koperiode', kind: 'integer', digits: 6, records: '01', attested: false},
  {name: 'komonteiler', kind: 'integer', digits: 2, records: '01', attested: false},
  {name: 'kobetrag', kind: 'share', records: '1', required: '1', from: 'cost_amount'},
  {name: 'koabteilung', kind: 'text', max: 20, records: '01'},
  {name: 'kogeschaeftsbereich', kind: 'text', max: 20, records: '01'},
  {name: 'kursnr', kind: 'integer', digits: 4, records: '0', attested: false},
  {name: 'waehrung', kind: 'currency', records: '0', from: 'currency'},
  {name: 'fwkurs', kind: 'decimal', digits: 4, decimals: 8, records: '0'},
  {name: 'fwfaktor', kind: 'integer', digits: 6, records: '0'},
  {name: 'fwbetrag', kind: 'foreignAmount', records: '0', from: 'amount'},
  {name: 'fwsteuer', kind: 'foreignTax', records: '0', from: 'tax_amount'},
  {name: 'fwskonto', kind: 'decimal', digits: 13, decimals: 2, signed: true, records: '0'},
  {name: 'fwopbetr', kind: 'decimal', digits: 13, decimals: 2, signed: true, records: '0', attested: false},
  {name: 'landkz', kind: 'text', max: 4, records: '0', attested: false},
  {name: 'lkzkurs', kind: 'decimal', digits: 6, decimals: 6, records: '0', attested: false},
  {name: 'lkzfaktor', kind: 'integer', digits: 6, records: '0', attested: false},
  {name: 'extbelegnr', kind: 'text', max: 60, records: '015', from: 'document_number_2'},
  {name: 'zesskz', kind: 'text', max: 1, records: '0', attested: false},
  {name: 'wechseldatum', kind: 'date', records: '0', attested: false},
  {name: 'vertnr', kind: 'integer', digits: 6, records: '0', attested: false},
  {name: 'provpz', kind: 'decimal', digits: 3, decimals: 2, records: '0', attested: false},
  {name: 'auftkz', kind: 'text', max: 2, records: '0', attested: false},
  {name: 'auftnr', kind: 'integer', digits: 9, records: '0', attested: false},
  {name: 'zmart', kind: 'integer', digits: 1, records: '0', attested: false},
  {name: 'zmbericht', kind: 'integer', digits: 1, records: '0', attested: false},
  {name: 'menge', kind: 'decimal', digits: 13, decimals: 4, signed: true, records: '0', attested: false},
  {name: 'benutzer', kind: 'text', max: 2, records: '0', attested: false},
  {name: 'buchart', kind: 'text', max: 2, records: '0', attested: false},
  {name: 'buchkz', kind: 'text', max: 2, records: '0', attested: false},
  {name: 'mahnz', kind: 'text', max: 4, records: '0', attested: false},
  {name: 'leistungsdatum', kind: 'date', records: '0', from: 'service_date'},
  {name: 'uva-periode', kind: 'period', records: '0', attested: false},
  {name: 'uidnr', kind: 'text', max: 15, records: '0', from: 'vat_id'},
  {name: 'steuerart', kind: 'text', max: 2, records: '0', attested: false},
  {name: 'korekonto', kind: 'integer', digits: 9, records: '01', attested: false},
  {name: 'er-zahlbank', kind: 'text', max: 2, records: '0', attested: false},
  {name: 'bau-steucod', kind: 'integer', digits: 2, records: '0', attested: false},
  {name: 'vst-abzugpz', kind: 'decimal', digits: 3, decimals: 2, records: '0', attested: false},
  {name: 'zv-mahnsp', kind: 'text', max: 1, records: '0', attested: false},
  {name: 'er-steukorr-kz', kind: 'text', max: 1, records: '0', attested: false},
  {name: 'gegenbuchkz', kind: 'text', max: 1, records: '0'},
  {name: 'verbuchkz', kind: 'text', max: 1, records: '0'},
  {name: 'verbuchstatus', kind: 'integer', digits: 4, records: '0'},
  {name: 'filiale', kind: 'text', max: 9, records: '015'},
  {name: 'extid', kind: 'text', max: 255, records: '015'},
  {name: 'dokument', kind: 'text', max: 255, records: '05', required: '5', from: 'document_file'},
  {name: 'ausz-belegnr', kind: 'text', max: 20, records: '0'},
  {name: 'ausz-betrag', kind: 'decimal', digits: 13, decimals: 2, signed: true, records: '0'},
  {name: 'ausz-skonto', kind: 'decimal', digits: 13, decimals: 2, signed: true, records: '0'},
  {name: 'buchtyp', kind: 'text', max: 255, records: '0'},
  {name: 'uva-korrperiode', kind: 'period', records: '0'},
  {name: 'oss-zielland', kind: 'text', max: 4, records: '0'},
  {name: 'oss-schema', kind: 'text', max: 1, records: '0'},
  {name: 'oss-uidnr', kind: 'text', max: 20, records: '0'},
  {name: 'kodimension', kind: 'text', max: 20, records: '01'},
  {name: 'nettodatum', kind: 'date', records: '0', from: 'due_date'},
  {name: 'skontodatum', kind: 'date', records: '0'},
  {name: 'ts-ablauftyp', kind: 'integer', digits: 4, records: '0'},
  {name: 'ts-ablaufnr', kind: 'text', max: 255, records: '0'},
  {name: 'ts-ablaufart', kind: 'text', max: 255, records: '0'},
  {name: 'ts-versteuerungsart', kind: 'integer', digits: 1, records: '0'},
  {name: 'text', kind: 'text', max: 255, records: '015', from: 'text'},
]

const NAMES = new Map(BOOKING_FIELDS.map((column) => [column, BMD_COLUMNS.find((name) => name === `bmd_${column.name.replaceAll('-', '_')}`)!]))

/** Its own name for datasets and mappings: bmd_<name>. */
export function columnName(column: BmdColumn): BmdColumnName {
  return NAMES.get(column)!
}

/** A field by its heading; there must be one. */
export function fieldNamed(name: string): BmdColumn {
  const column = BOOKING_FIELDS.find((candidate) => candidate.name === name)
  if (column === undefined) throw new Error(`BMD has no field ${name}`)
  return column
}
