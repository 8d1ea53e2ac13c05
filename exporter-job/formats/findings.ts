// What is wrong with rows, collected in one pass: an accountant corrects a hundred values at once rather than one a run.
import {PermanentFault} from '../errors.ts'
import type {RuleCode as BmdRule} from './bmd/rules.ts'
import {createRefused} from './refused.ts'
import type {RuleCode as SaftRule} from './saft/rules.ts'

/** A value that broke a rule, or that deserves a look. */
export interface Finding {
  readonly dataset: string
  /** From 1, in the order of the dataset. */
  readonly row: number
  /** The row's key, where the dataset has a column for it (booking_id, transaction_id …). */
  readonly key?: {readonly column: string; readonly value: string}
  /** As the dataset calls it, and what the format calls it: "amount (Umsatz, 1)"; empty where the whole row is meant. */
  readonly column: string
  /** Code of the rule, as in docs/errors.md. */
  readonly rule: string
  /** What would be right. It goes into status, so it holds nothing of the value. */
  readonly right: string
  /** What a person who has the list may know besides: which character, how many of them. */
  readonly detail?: string
  /** As the source gave it; undefined for NULL. Only the list has it, no status, no log. */
  readonly value?: string
  /** Where a file or an API has the row: "b.csv, line 18". Line 1 is the file's first, also where that is the heading. */
  readonly place?: string
}

/** What a source could not read. It hands the row on all the same, something in the place of what is wrong: rows are counted as they stand there. */
export interface Refusal extends Finding {
  /** What a format finds wrong of the same is not said again: of one column's value, of the whole row, of nothing. */
  readonly covers: {readonly column: string} | 'row' | 'nothing'
}

/** How often a rule was noted. */
export interface NoteCount {
  readonly rule: string
  readonly count: number
}

/** Takes what a source could not read. */
export interface Refusals {
  /** Throws FindingsFull when spec.maxErrors is reached: what the source has read up to here is handed on, and nothing more is read. */
  refuse(refusal: Refusal): void
}

export interface Findings extends Refusals {
  /** A value that cannot be written. Throws FindingsFull when spec.maxErrors is reached. */
  error(finding: Finding): void
  /** Something to know that keeps nobody from publishing: a skipped row, text that a spreadsheet would run. */
  note(finding: Finding): void
  /** What sources and formats have found, at most spec.maxErrors: by dataset and row, else in the order in which they were found. */
  errors(): readonly Finding[]
  /** The first notes of each rule; noteCounts has the number of all. */
  notes(): readonly Finding[]
  noteCounts(): readonly NoteCount[]
  /** A pass is at its end, too, where the source alone has found enough. @throws FindingsFull */
  endWhenFull(): void
}

/** Ends the pass over the rows: there are as many errors as were asked for. */
export class FindingsFull extends Error {}

/** Notes of a rule that are kept with their place: further ones are counted. Of each rule, so that none hides the rows of another. */
const MAX_NOTES = 1_000

/**
 * Rules about several rows at once. Where a source could not read something they would be broken by that alone, so that nothing is said of
 * them until every row can be read.
 */
const ABOUT_SEVERAL_ROWS: ReadonlySet<string> = new Set<BmdRule | SaftRule>([
  'RecordWithoutBooking',
  'RecordOutOfGroup',
  'RecordOutOfOrder',
  'SplitSumDiffers',
  'DocumentTwice',
  'DocumentAlone',
  'Unbalanced',
  'NotAscending',
  'GroupNotAscending',
  'JournalDiffers',
  'TransactionDiffers',
  'NotInMasterFiles',
  'DuplicateId',
  'BalanceDiffers',
])

export function createFindings(maxErrors: number): Findings {
  const refusals = createRefused()
  const errors: Finding[] = []
  const notes: Finding[] = []
  const counts = new Map<string, number>()
  const all = (): readonly Finding[] => (refusals.any() ? inOrder([...refusals.all(), ...errors]).slice(0, maxErrors) : errors)
  return {
    refuse({covers, ...finding}) {
      refusals.add(bounded(finding), covers)
      if (refusals.all().length >= maxErrors) throw new FindingsFull(`${maxErrors} errors`)
    },
    endWhenFull() {
      if (all().length >= maxErrors) throw new FindingsFull(`${maxErrors} errors`)
    },
    error(finding) {
      if (refusals.covers(finding) || (refusals.any() && ABOUT_SEVERAL_ROWS.has(finding.rule))) return
      errors.push(bounded(finding))
      // A source is ahead of the format: what it has found in later rows does not count yet.
      if (errors.length + refusals.countUpTo(finding) >= maxErrors) throw new FindingsFull(`${maxErrors} errors`)
    },
    note(finding) {
      const before = counts.get(finding.rule) ?? 0
      counts.set(finding.rule, before + 1)
      if (before < MAX_NOTES) notes.push(bounded(finding))
    },
    errors: all,
    notes: () => notes,
    noteCounts: () => [...counts].map(([rule, count]) => ({rule, count})).toSorted((a, b) => (a.rule < b.rule ? -1 : 1)),
  }
}

/** Characters of a value that a person needs to know it by; ten thousand values of a mebibyte each would fill any memory. */
const MAX_VALUE = 1_000

function bounded(finding: Finding): Finding {
  const {key, value} = finding
  return {
    ...finding,
    ...(key !== undefined && {key: {column: key.column, value: boundedText(key.value)}}),
    ...(value !== undefined && {value: boundedText(value)}),
  }
}

function boundedText(text: string): string {
  if (text.length <= MAX_VALUE) return text
  // By way of bytes: a part of a string would hold the whole of it.
  return `${Buffer.from(text.slice(0, MAX_VALUE)).toString()}… (${text.length} characters)`
}

function inOrder(findings: readonly Finding[]): Finding[] {
  const datasets = [...new Set(findings.map(({dataset}) => dataset))]
  return findings.toSorted((one, other) => datasets.indexOf(one.dataset) - datasets.indexOf(other.dataset) || one.row - other.row)
}

/** Values named in the fault's message; all of them are in its list. */
const SHOWN = 5

/** What is to be known of a list of findings besides. */
export interface Listed {
  /** There are as many as spec.maxErrors allows. */
  readonly full: boolean
  /** Where the list lies. */
  readonly location?: string | undefined
  /** What ended the pass before all rows were read. */
  readonly endedBy?: PermanentFault | undefined
}

/** The run's rows cannot be written: the message says where and what would be right, without any value. */
export class RowsRefused extends PermanentFault {
  readonly findings: readonly Finding[]

  constructor(findings: readonly Finding[], listed: Listed) {
    const [first] = findings
    const rules = new Set(findings.map(({rule}) => rule))
    super(rules.size === 1 && first !== undefined && listed.endedBy === undefined ? first.rule : 'RowsRefused', summary(findings, listed))
    this.findings = findings
  }
}

/** Leaves status room for the beginning and the end of the message: toRunError cuts at 2,048 characters. */
const SHOWN_LENGTH = 1_200
const END_LENGTH = 400

function summary(findings: readonly Finding[], {full, location, endedBy}: Listed): string {
  const shown = cut(findings.slice(0, SHOWN).map(sentenceOf).join('; '), SHOWN_LENGTH)
  const more = findings.length > SHOWN ? `; and ${findings.length - SHOWN} more` : ''
  const limit = full ? ' (as many as spec.maxErrors allows; there may be others)' : ''
  const end = endedBy === undefined ? '' : `; then nothing more could be read: ${cut(endedBy.message, END_LENGTH)} [${endedBy.code}]`
  const list = location === undefined ? '' : `. All of them, with their values: ${location}`
  return `${findings.length === 1 ? 'one value was' : `${findings.length} values were`} refused${limit}: ${shown}${more}${end}${list}`
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text
}

/** "bookings row 17 (b.csv, line 18), column amount (Umsatz, 1): must be greater than 0,00 [AmountIsZero]" */
export function sentenceOf({dataset, row, place, column, rule, right}: Finding): string {
  return `${dataset} row ${row}${place === undefined ? '' : ` (${place})`}${column === '' ? '' : `, column ${column}`}: ${right} [${rule}]`
}

const HEADING = ['dataset', 'row', 'key column', 'key', 'column', 'rule', 'value', 'what would be right', 'detail', 'place']

/** The list as CSV (RFC 4180, UTF-8 with BOM). Values are written as JSON, so that no spreadsheet runs one and nothing is invisible. */
export function findingsCsv(findings: readonly Finding[]): string {
  const lines = findings.map(({dataset, row, key, column, rule, value, right, detail, place}) => [
    dataset,
    String(row),
    key?.column ?? '',
    key === undefined ? '' : JSON.stringify(key.value),
    column,
    rule,
    listedValue(column, value),
    right,
    detail ?? '',
    place ?? '',
  ])
  return `\uFEFF${[HEADING, ...lines].map((line) => line.map(csvField).join(',')).join('\r\n')}\r\n`
}

/** Nothing where the whole row is meant. */
function listedValue(column: string, value: string | undefined): string {
  if (value !== undefined) return JSON.stringify(value)
  return column === '' ? '' : 'NULL'
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
