// Master files: one section a dataset, one entry a row. What they define, lines are held against.
import {PermanentFault} from '../../errors.ts'
import type {Dataset} from '../../sources/types.ts'
import {fieldText, wholeRows} from '../copy-rows.ts'
import type {Ascending} from '../values/ascending.ts'
import {createAscending} from '../values/ascending.ts'
import {append} from '../values/rows.ts'
import type {Balances} from './balances.ts'
import {createBalances, hasBalances, statesClosing} from './balances.ts'
import {requireShape} from './columns.ts'
import type {Element, KeySet} from './elements.ts'
import {REGISTERS} from './elements.ts'
import type {Row} from './encode.ts'
import {createRow} from './encode.ts'
import type {Plan} from './plan.ts'
import {compile} from './plan.ts'
import type {Section} from './profile.ts'
import {createReport} from './report.ts'
import type {Writing} from './writing.ts'
import {createNumbers} from './numbers.ts'
import type {Numbers} from './numbers.ts'
import {createKept} from './kept.ts'
import type {Kept} from './kept.ts'

/** What was written of a dataset. */
export interface WrittenSection {
  readonly dataset: KeySet
  readonly rows: number
  readonly unused: readonly string[]
  readonly balances: Balances | undefined
  /** Of each entry the number of its account (of an account: of its parent), or NO_ACCOUNT; nothing where none names any. */
  readonly accounts: Numbers
}

/** An entry that names no account. */
export const NO_ACCOUNT = -1

/** Reads a section's dataset to its end and writes it into the first file. */
export async function writeSection(section: Section, writing: Writing): Promise<WrittenSection> {
  if (!writing.input.has(section.dataset)) {
    if (section.whenEmpty === 'write') await writing.enter(section.name)
    return {dataset: section.dataset, rows: 0, unused: [], balances: undefined, accounts: createNumbers()}
  }
  const dataset = await writing.input.open(section.dataset)
  const state = openSection(section, dataset, writing)
  if (section.parent !== undefined && !statesClosing(dataset.columns)) {
    throw new PermanentFault(
      'MissingColumn',
      `${dataset.name} lacks closing_debit and closing_credit: ${writing.profile.id} wants the balances of accounts that hold others, too`,
    )
  }
  const unused = requireShape(
    dataset,
    [state.entry, state.group].filter((plan) => plan !== undefined),
    writing.profile.id,
  )
  for await (const rows of wholeRows(dataset.chunks)) await writeRows(state, rows)
  await closeSection(state)
  return {dataset: section.dataset, rows: state.rows, unused, balances: state.balances, accounts: state.accounts}
}

/** A section being written. */
interface State {
  readonly section: Section
  readonly writing: Writing
  readonly dataset: Dataset
  readonly row: Row
  readonly entry: Plan
  readonly group: Plan | undefined
  readonly kept: Kept | undefined
  readonly balances: Balances | undefined
  /** Column that entries are grouped by, and its order. */
  readonly by: number | undefined
  readonly order: Ascending
  /** Columns of the id and of the account (of an account: of its parent). */
  readonly key: readonly [id: number, account: number]
  readonly accounts: Numbers
  /** Column that lines repeat. */
  readonly said: number
  /** Bytes that an entry may take. */
  readonly room: number
  rows: number
  isGroupOpen: boolean
}

function openSection(section: Section, dataset: Dataset, writing: Writing): State {
  const report = createReport({dataset, findings: writing.context.findings, context: writing.rules, keyColumn: keyColumn(section.dataset)})
  const place = {row: 0, field: (column: number) => row.cursor.source.subarray(row.starts[column], row.starts[column + 1]! - 1)}
  const row = createRow({
    ...writing.rowOptions,
    columns: dataset.columns.length,
    broken: (rule, column, subject) => report.broken(rule, column, subject, {...place, row: state.rows + 1}),
    noted: (rule, column, subject) => report.noted(rule, column, subject, {...place, row: state.rows + 1}),
  })
  const indexes = new Map(dataset.columns.map(({name}, index) => [name, index]))
  const stateBalances = section.balances === 'always' || (section.balances === 'given' && hasBalances(dataset.columns))
  const {encode, keys, said} = writing
  const unset = stateBalances ? undefined : 'hasBalance'
  const compiled = (elements: readonly Element[]): Plan => compile(elements, {columns: indexes, encode, keys, said, unset})
  const by = section.group?.by === undefined ? undefined : indexes.get(section.group.by)
  const group = section.group === undefined ? undefined : compiled(section.group.elements)
  const entry = compiled(section.entry)
  const state: State = {
    section,
    writing,
    dataset,
    row,
    entry,
    group,
    kept: by === undefined || group === undefined ? undefined : createKept(row, [...new Set([by, ...group.columns])]),
    balances: stateBalances ? createBalances(row, dataset.columns) : undefined,
    by,
    order: createAscending(),
    key: [indexes.get(keyColumn(section.dataset)) ?? -1, indexes.get(section.dataset === 'accounts' ? (section.parent ?? '') : 'account') ?? -1],
    accounts: createNumbers(),
    said: indexes.get(section.says ?? '') ?? -1,
    room: entry.maxBytes + (group?.maxBytes ?? 0) + 1024,
    rows: 0,
    isGroupOpen: false,
  }
  row.registers[REGISTERS.hasBalance] = stateBalances ? 1 : 0
  return state
}

/** The column that an entry is known by. */
export function keyColumn(set: KeySet): string {
  return set === 'accounts' ? 'account' : set === 'tax_codes' ? 'tax_code' : 'id'
}

async function writeRows(state: State, rows: Uint8Array): Promise<void> {
  const {row, writing, dataset, section} = state
  for (let position = 0; position < rows.length;) {
    const next = row.take(rows, position)
    if (next < 0) throw new PermanentFault('InvalidRow', `${dataset.name} row ${state.rows + 1} does not have ${dataset.columns.length} fields`)
    if (state.rows === 0) await openElements(section, writing)
    if (!writing.parts.isReady(writing.part, state.room)) await writing.parts.prepare(writing.part, state.room)
    writeEntry(state)
    state.rows++
    position = next
  }
}

async function openElements({name, head}: Section, writing: Writing): Promise<void> {
  if ((await writing.enter(name)) && head !== undefined) await writing.writeHeader(head)
}

/** The first file has room. */
function writeEntry(state: State): void {
  const {row, writing, section, entry, balances} = state
  const {part} = writing
  row.cursor.out = part.out
  row.cursor.at = part.at
  balances?.read(movedOf(state))
  if (section.group !== undefined) beginGroup(state)
  row.write(entry)
  keepEntry(state)
  keepSaid(state)
  part.at = row.cursor.at
}

function keepEntry({balances, accounts, row, key, writing}: State): void {
  balances?.keep()
  const account = key[1]
  if (account < 0) return
  if (row.isFilled(account)) {
    row.point(account)
    accounts.push(writing.keys.accounts.find(row.cursor.source, row.cursor.from, row.cursor.to))
  } else accounts.push(NO_ACCOUNT)
}

function keepSaid({section, said, row: {cursor, starts}, writing}: State): void {
  if (section.says !== undefined) writing.said[section.dataset].push(said < 0 ? NOTHING : cursor.source.slice(starts[said], starts[said + 1]! - 1))
}

const NOTHING = new Uint8Array(0)

/** What the lines will add up to, where it was reckoned: of a partner on his own account, where he has one. */
function movedOf({row, section, writing, key}: State): bigint | undefined {
  const moved = writing.totals.moved[section.dataset]
  if (moved === undefined) return undefined
  const field = (column: number): string =>
    column < 0 ? '' : (fieldText(row.cursor.source.subarray(row.starts[column], row.starts[column + 1]! - 1)) ?? '')
  const [id, account] = [field(key[0]), field(key[1])]
  if (section.dataset === 'accounts') return moved.get(id) ?? 0n
  return moved.get(`${id}\t${account}`) ?? 0n
}

function beginGroup(state: State): void {
  const {row, kept, group, section, writing} = state
  const {name} = section.group!
  if (state.isGroupOpen && kept?.isSame() !== false) return
  if (state.isGroupOpen) append(row.cursor, writing.encode(`</${name}>`))
  append(row.cursor, writing.encode(`<${name}>`))
  row.write(group!)
  kept?.keep()
  if (state.by !== undefined && !state.order.follows(row.cursor.source, row.starts[state.by]!, row.starts[state.by + 1]! - 1)) {
    row.refuse('GroupNotAscending', state.by, {path: name})
  }
  state.isGroupOpen = true
}

async function closeSection({section, writing, rows, isGroupOpen}: State): Promise<void> {
  if (isGroupOpen) await writing.write(`</${section.group!.name}>`)
  if (rows === 0 && section.whenEmpty === 'write') await writing.enter(section.name)
}
