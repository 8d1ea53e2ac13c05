// Lines 1 and 2 of a file: the 31 header fields (header version 700) and the headings.
import type {DatevFormat} from '../../../crds/formats/datev.ts'
import {encodeWindows1252} from '../values/windows-1252.ts'
import type {FormatContext} from '../types.ts'
import type {Category} from './categories.ts'
import {festschreibung} from './plan.ts'
import type {StackRange} from './ranges.ts'

const HEADER_VERSION = 700
/** Herkunft: DATEV replaces it by SV on import. */
const ORIGIN = 'RE'
const EXPORTED_BY = 'ScheduledExport'
/** Buchungstyp: financial accounting. */
const FINANCIAL_ACCOUNTING = 1
/** Rechnungslegungszweck: independent of the accounting standard. */
const ANY_PURPOSE = 0

/** By which DATEV tells UTF-8 from Windows-1252. */
const BYTE_ORDER_MARK = '\uFEFF'

/** Both lines in the encoding of the file, each ended by CRLF. */
export function headerLines(category: Category, spec: DatevFormat, range: StackRange, context: FormatContext): Uint8Array {
  const fields = headerFields(category, spec, range, context)
  const lines = `${fields.join(';')}\r\n${category.columns.map((column) => column.heading).join(';')}\r\n`
  return spec.encoding === 'UTF8' ? Buffer.from(BYTE_ORDER_MARK + lines) : encodeWindows1252(lines)
}

function headerFields(category: Category, spec: DatevFormat, range: StackRange, context: FormatContext): (string | number)[] {
  return [
    quoted('EXTF'),
    HEADER_VERSION,
    category.number,
    quoted(category.title),
    category.version,
    localTimestamp(context.createdAt, context.timeZone),
    '', // Importiert: filled by DATEV
    quoted(ORIGIN),
    quoted(EXPORTED_BY),
    quoted(''), // Importiert von: filled by DATEV
    spec.consultant,
    spec.client,
    range.fiscalYearStart,
    spec.accountLength,
    ...(category.file === 'Buchungsstapel' ? stackFields(spec, range) : MASTER_FIELDS),
    '', // reserved
    quoted(''), // Derivatskennzeichen
    '', // reserved
    '', // reserved
    quoted(spec.chartOfAccounts ?? ''),
    '', // ID der Branchenlösung
    '', // reserved
    quoted(''), // reserved
    quoted(applicationInformation(context.exportId)),
  ]
}

/** Fields 15 to 22. */
function stackFields(spec: DatevFormat, range: StackRange): (string | number)[] {
  return [
    range.from,
    range.to,
    quoted(spec.description),
    quoted(''), // Diktatkürzel
    FINANCIAL_ACCOUNTING,
    ANY_PURPOSE,
    festschreibung(spec),
    quoted(spec.currency),
  ]
}

/** Fields 15 to 22 speak of bookings: in DATEV's own samples of master data they are empty. */
const MASTER_FIELDS = ['', '', '""', '""', '', '', '', '""'] as const

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}

/** Erzeugt am: local time with milliseconds, JJJJMMTTHHMMSSmmm. */
export function localTimestamp(instant: Date, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  })
  const parts = new Map(format.formatToParts(instant).map((part) => [part.type, part.value]))
  return (['year', 'month', 'day', 'hour', 'minute', 'second', 'fractionalSecond'] as const).map((type) => parts.get(type)).join('')
}

/** Field 31 holds 16 characters: the first of the export's id, hyphens left out. */
function applicationInformation(exportId: string): string {
  return exportId.replaceAll('-', '').slice(0, 16)
}
