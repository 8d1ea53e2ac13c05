// The format `saft`: one audit file (or one a month) from journal_lines and master data, in the version of an authority.
import {lastDay} from '../../../crds/period.ts'
import type {SaftFormat} from '../../../crds/formats/saft.ts'
import {formatLocal} from '../../../crds/zone.ts'
import {PermanentFault} from '../../errors.ts'
import type {FileSink, Format, FormatContext, FormatInput, FormatResult} from '../types.ts'
import {createKeyTable} from '../values/keys.ts'
import {centsOf, centsText} from '../values/totals.ts'
import {encodeWindows1252} from '../values/windows-1252.ts'
import {encodeXmlUtf8, encodeXmlWindows1252} from '../values/xml-texts.ts'
import {perKeySet} from './elements.ts'
import {writeEntries} from './entries.ts'
import type {HeaderOptions} from './header.ts'
import {headerBytes, headerValues} from './header.ts'
import type {WrittenSection} from './masters.ts'
import {writeSection} from './masters.ts'
import type {Part, PartRange, PartTotals} from './parts.ts'
import {openParts} from './parts.ts'
import type {Profile} from './profile.ts'
import {PROFILES} from './profiles/index.ts'
import type {Announced, Totals} from './totals.ts'
import {readTotals} from './totals.ts'
import {balancesToReckon} from './reckon.ts'
import type {Writing} from './writing.ts'

/** @throws PermanentFault SpecRefused for what the profile does not take. */
export function createSaftFormat(spec: SaftFormat): Format {
  return createFormatOf(PROFILES[spec.profile], spec)
}

/** The same for any profile. */
export function createFormatOf(profile: Profile, spec: SaftFormat): Format {
  if (!profile.negativeAmounts.includes(spec.negativeAmounts)) {
    throw new PermanentFault('SpecRefused', `spec.format.saft.negativeAmounts must be one of ${profile.negativeAmounts.join(', ')} for ${profile.id}`)
  }
  if (profile.hasFixedCurrency && (spec.currency ?? profile.currency) !== profile.currency) {
    throw new PermanentFault('SpecRefused', `spec.format.saft.currency must be ${profile.currency} for ${profile.id}`)
  }
  return {name: 'saft', write: (input, sink, context) => writeAudit({profile, spec, input, sink, context})}
}

interface Task {
  readonly profile: Profile
  readonly spec: SaftFormat
  readonly input: FormatInput
  readonly sink: FileSink
  readonly context: FormatContext
}

async function writeAudit(task: Task): Promise<FormatResult> {
  const {profile, spec, input, context} = task
  for (const need of profile.needs) {
    if (!input.has(need)) throw new PermanentFault('DatasetMissing', `${profile.id} needs the dataset ${need}: add it to the source's datasets`)
  }
  const fault = profile.periodFault?.(context.period, spec)
  if (fault !== undefined) throw new PermanentFault('PeriodRefused', `${profile.id}: ${fault}`)
  const balances = await balancesToReckon(profile, input)
  const totals = await readTotals(input, {byMonth: spec.split === 'Month', swapsSides: spec.negativeAmounts === 'SwapSide', balances, composedId: profile.composedId})
  if (totals.lines === 0 && !context.emptyFile) return emptyResult(input)
  const writing = await beginFiles(task, totals)
  const sections: WrittenSection[] = []
  for (const section of profile.masters) {
    if (typeof section !== 'string') sections.push(await writeSection(section, writing))
    else {
      await writing.enter('')
      await writing.write(section)
    }
  }
  await writing.enter('')
  await beginEntries(writing)
  const entries = await writeEntries(writing, sections)
  await endFiles(writing)
  const opened = sections.filter(({dataset}) => input.has(dataset))
  return {
    rows: writing.parts.all.reduce((sum, {rows}) => sum + rows, 0),
    datasets: [
      ...opened.map(({dataset, rows}) => ({dataset, written: rows, skipped: 0})),
      {dataset: 'journal_lines', written: entries.rows, skipped: 0},
    ],
    totals: entries.totals,
    unusedColumns: [
      ...sections.flatMap(({dataset, unused}) => unused.map((column) => `${dataset}.${column}`)),
      ...entries.unused.map((column) => `journal_lines.${column}`),
    ],
    protocol: entries.protocol,
  }
}

/** Without rows no file is wanted. A source that was asked for its rows had none. */
function emptyResult({sql}: FormatInput): FormatResult {
  const datasets = sql === undefined ? [{dataset: 'journal_lines' as const, written: 0, skipped: 0}] : []
  return {rows: 0, datasets, totals: [], unusedColumns: [], protocol: {tables: []}}
}

async function beginFiles(task: Task, totals: Totals): Promise<Writing> {
  const {profile, spec, input, sink, context} = task
  const encode = profile.encoding === 'UTF-8' ? (text: string) => Buffer.from(text) : encodeWindows1252
  const rules = {period: `${context.period.start} to ${lastDay(context.period)}`, bookCurrency: spec.currency ?? profile.currency}
  const text = profile.encoding === 'UTF-8' ? encodeXmlUtf8 : encodeXmlWindows1252
  const keys = perKeySet(createKeyTable)
  const said = perKeySet((): Uint8Array[] => [])
  const rowOptions = {text, fiscalYearStart: spec.fiscalYearStartMonth, formulas: context.spreadsheetFormulas}
  const values = headerValues(profile, spec, context)
  const headerOptions: HeaderOptions = {...rowOptions, encode, keys, said, rules, profile: profile.id}
  const root = `<?xml version="1.0" encoding="${profile.encoding}"?>\n<AuditFile xmlns="${profile.namespace}">`
  const parts = await openParts(rangesOf(task), {
    sink,
    maxFileBytes: profile.maxFileBytes ?? Infinity,
    fileName: (number, total) => `${profile.fileName(fileFacts(task, number, total))}${context.revisionSuffix}.xml`,
    opening: Buffer.concat([encode(root), headerBytes(profile.header, values, headerOptions)]),
  })
  const part = parts.all[0]!
  await parts.append(part, encode('<MasterFiles>'))
  const write = (markup: string): Promise<void> => parts.append(part, encode(markup))
  return {
    profile,
    spec,
    input,
    context,
    rules,
    rowOptions,
    keys,
    said,
    totals,
    parts,
    part,
    encode,
    write,
    enter: createEnter(write),
    writeHeader: (elements) => parts.append(part, headerBytes(elements, values, headerOptions)),
  }
}

/** Keeps one element of the master files open, for sections that share it. */
function createEnter(write: Writing['write']): Writing['enter'] {
  let open = ''
  return async (name) => {
    if (name === open) return false
    if (open !== '') await write(`</${open}>`)
    open = name
    if (name !== '') await write(`<${name}>`)
    return true
  }
}

function digits(text: string): string {
  return text.replaceAll(/\D/g, '')
}

/** What a file's name may hold. */
function fileFacts({spec, context}: Task, number: number, total: number): Parameters<Profile['fileName']>[0] {
  return {
    registrationNumber: spec.company.registrationNumber.replaceAll(/[^A-Za-z0-9.-]/g, ''),
    start: digits(context.period.start),
    end: digits(lastDay(context.period)),
    createdAt: digits(formatLocal(context.createdAt, context.timeZone)).slice(0, 14),
    number,
    total,
  }
}

/** The days of each file: the whole period, or what lies in each month. */
function rangesOf({spec, context: {period}}: Task): PartRange[] {
  const [from, to] = [period.start, lastDay(period)].map((day) => Number(day.replaceAll('-', ''))) as [number, number]
  if (spec.split === 'None') return [{from, to}]
  const ranges: PartRange[] = []
  for (let month = Math.floor(from / 100); month <= Math.floor(to / 100); month = month % 100 === 12 ? month + 89 : month + 1) {
    ranges.push({from: Math.max(from, month * 100 + 1), to: Math.min(to, month * 100 + 31)})
  }
  return ranges
}

async function beginEntries({parts, part, encode, totals, spec}: Writing): Promise<void> {
  await parts.append(part, encode('</MasterFiles>'))
  for (const each of parts.all) {
    const {entries, debit, credit} = announcedOf(each, totals, spec)
    const numbers = `<NumberOfEntries>${entries}</NumberOfEntries><TotalDebit>${centsText(debit)}</TotalDebit><TotalCredit>${centsText(credit)}</TotalCredit>`
    await parts.append(each, encode(`<GeneralLedgerEntries>${numbers}`))
  }
}

const NOTHING: Announced = {entries: 0, debit: 0n, credit: 0n}

function announcedOf({range}: Part, {byMonth}: Totals, {split}: SaftFormat): Announced {
  return byMonth.get(split === 'Month' ? Math.floor(range.from / 100) : 0) ?? NOTHING
}

async function endFiles({parts, encode, profile, totals, spec, context}: Writing): Promise<void> {
  // Where values were refused, nothing is published and the sums mean nothing.
  if (context.findings.errors().length === 0) {
    for (const part of parts.all) requireAnnounced(part.written, announcedOf(part, totals, spec))
    const entries = parts.all.reduce((sum, {written}) => sum + written.entries, 0)
    if (totals.transactions !== undefined && totals.transactions !== entries)
      throw repeated(`${entries} transactions were written, and there are ${totals.transactions}`)
  }
  for (const part of parts.all) await parts.append(part, encode(`</GeneralLedgerEntries>${profile.tail ?? ''}</AuditFile>\n`))
  await parts.close()
}

/** @throws PermanentFault TotalsDiffer */
function requireAnnounced(written: PartTotals, {entries, debit, credit}: Announced): void {
  const [debitWritten, creditWritten] = [centsOf(written.S), centsOf(written.H)]
  if (written.entries === entries && debitWritten === debit && creditWritten === credit) return
  throw repeated(
    `the file announces ${entries} transactions, debit ${centsText(debit)}, credit ${centsText(credit)}, and holds ${written.entries}, ` +
      `${centsText(debitWritten)}, ${centsText(creditWritten)}`,
  )
}

function repeated(what: string): PermanentFault {
  return new PermanentFault('TotalsDiffer', `${what}: a transaction_id may stand in two journals, or the query gives other rows each time`)
}
