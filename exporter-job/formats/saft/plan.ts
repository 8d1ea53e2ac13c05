// The plan of a row, compiled once: elements as a list of steps, each with the constant bytes before it. What the dataset does not have is
// not in it.
import {CODE_TABLES} from '../datev/codes.ts'
import {MAX_XML_CHARACTER_BYTES} from '../values/xml-texts.ts'
import {createKeyTable} from '../values/keys.ts'
import type {KeyTable} from '../values/keys.ts'
import type {Condition, Element, KeySet, Register, Value} from './elements.ts'
import {REGISTERS} from './elements.ts'

/** What is done at a step. */
export type Operation =
  | 'constant'
  | 'amount'
  | 'flag'
  | 'unless'
  | 'filled'
  | 'oneOf'
  | 'absent'
  | 'token'
  | 'text'
  | 'id'
  | 'known'
  | 'define'
  | 'said'
  | 'list'
  | 'pattern'
  | 'letters'
  | 'date'
  | 'day'
  | 'time'
  | 'decimal'
  | 'period'
  | 'fiscalYear'

/** Every step has every property, so that the encoder meets one hidden class. */
export interface Step {
  readonly operation: Operation
  /** Written always. */
  readonly lead: Uint8Array
  /** Written around a value. */
  readonly open: Uint8Array
  readonly close: Uint8Array
  /** Columns by their index in the dataset, the first one that is filled. */
  readonly sources: readonly number[]
  readonly required: boolean
  /** Written in place of an empty value; no bytes where nothing is. */
  readonly otherwise: Uint8Array
  /** Characters, digits before the point, or letters. */
  readonly max: number
  readonly decimals: number
  readonly table: Uint8Array
  readonly keys: KeyTable | undefined
  readonly said: readonly Uint8Array[]
  readonly pattern: RegExp | undefined
  readonly register: number
  /** The next step where a condition does not hold. */
  skip: number
  /** For messages: the element's path below the row, the column's name, what the value must be. */
  readonly path: string
  readonly column: string
  readonly value: Value | undefined
}

export interface Plan {
  readonly steps: readonly Step[]
  /** More than any valid row takes. */
  readonly maxBytes: number
  /** Indexes of the columns that elements are about (the first of `from`). */
  readonly columns: readonly number[]
  /** Names of all columns that are looked at. */
  readonly used: ReadonlySet<string>
  /** Elements that must be filled, and for which the dataset has no column. */
  readonly missing: readonly Missing[]
}

export interface Missing {
  readonly column: string
  readonly path: string
}

export interface Compilation {
  /** Index of each column of the dataset. */
  readonly columns: ReadonlyMap<string, number>
  /** How constants are written. */
  readonly encode: (text: string) => Uint8Array
  readonly keys: Readonly<Record<KeySet, KeyTable>>
  /** What master files say of their entries, by the number of the key, as COPY's text. */
  readonly said: Readonly<Partial<Record<KeySet, readonly Uint8Array[]>>>
  /** A flag that no row of the dataset sets: what hangs on it is left out, and its columns are not used. */
  readonly unset?: Register | undefined
}

interface State extends Compilation {
  readonly steps: Step[]
  /** Constant text that no step has taken yet. */
  pending: string
  maxBytes: number
  readonly primary: Set<number>
  readonly used: Set<string>
  readonly missing: Missing[]
}

/** Never fails: what is missing is in the plan. */
export function compile(elements: readonly Element[], compilation: Compilation): Plan {
  const state: State = {...compilation, steps: [], pending: '', maxBytes: 0, primary: new Set(), used: new Set(), missing: []}
  compileAll(elements, state, '')
  flush(state)
  const {steps, maxBytes, primary, used, missing} = state
  return {steps, maxBytes, columns: [...primary], used, missing}
}

function compileAll(elements: readonly Element[], state: State, above: string): void {
  for (const element of elements) compileElement(element, state, above)
}

function compileElement(element: Element, state: State, above: string): void {
  const [open, close] = tagsOf(element.name)
  const path = element.name === '' ? above : above === '' ? element.name : `${above}/${element.name}`
  switch (element.kind) {
    case 'fixed':
      state.pending += `${open}${element.constant}${close}`
      return
    case 'amount':
      state.pending += open
      push(state, {operation: 'amount', register: REGISTERS[element.register], path}, 20)
      state.pending = close
      return
    case 'absent': {
      const sources = sourcesOf([element.from], state)
      if (sources.length > 0) push(state, {operation: 'absent', sources, path, column: element.from}, 0)
      return
    }
    case 'group':
      compileGroup(element, state, path)
      return
    case 'leaf':
      compileLeaf(element, state, path)
      return
    default:
      element satisfies never
  }
}

function tagsOf(name: string): readonly [open: string, close: string] {
  return name === '' ? ['', ''] : [`<${name}>`, `</${name}>`]
}

function compileGroup({name, children, when}: Element & {kind: 'group'}, state: State, path: string): void {
  const [open, close] = tagsOf(name)
  if (when === undefined) {
    state.pending += open
    compileAll(children, state, path)
    state.pending += close
    return
  }
  const condition = conditionOf(when, state)
  if (condition === undefined) return
  const step = push(state, {...condition, path}, 0)
  state.pending = open
  compileAll(children, state, path)
  state.pending += close
  flush(state)
  step.skip = state.steps.length
}

/** undefined where the dataset has none of the columns. */
function conditionOf(when: Condition, state: State): (Partial<Step> & Pick<Step, 'operation'>) | undefined {
  if ('flag' in when && when.flag === state.unset) return undefined
  if ('flag' in when) return when.of === undefined || state.columns.has(when.of) ? {operation: 'flag', register: REGISTERS[when.flag]} : undefined
  if ('unless' in when) return {operation: 'unless', register: REGISTERS[when.unless]}
  const sources = sourcesOf('filled' in when ? when.filled : [when.column], state)
  if (sources.length === 0) return undefined
  return 'filled' in when ? {operation: 'filled', sources} : {operation: 'oneOf', sources, keys: tableOf(when.is)}
}

function sourcesOf(from: readonly string[], {columns, used}: State): number[] {
  return from.flatMap((name) => {
    const index = columns.get(name)
    if (index === undefined) return []
    used.add(name)
    return [index]
  })
}

function compileLeaf(leaf: Element & {kind: 'leaf'}, state: State, path: string): void {
  const [open, close] = tagsOf(leaf.name)
  const sources = sourcesOf(leaf.from, state)
  const column = leaf.from.find((name) => state.columns.has(name)) ?? leaf.from[0]!
  if (sources.length === 0) {
    if (leaf.required) state.missing.push({column, path})
    else if (leaf.otherwise !== undefined) state.pending += `${open}${leaf.otherwise}${close}`
    return
  }
  const primary = state.columns.get(leaf.from[0]!)
  if (primary !== undefined) state.primary.add(primary)
  const always = leaf.required || leaf.otherwise !== undefined
  if (always) state.pending += open
  const facts = factsOf(leaf.value, state)
  push(
    state,
    {
      ...facts,
      sources,
      required: leaf.required,
      otherwise: state.encode(leaf.otherwise ?? ''),
      ...(!always && {open: state.encode(open), close: state.encode(close)}),
      path,
      column,
      value: leaf.value,
    },
    facts.max * MAX_XML_CHARACTER_BYTES + 2 * open.length + 1 + (leaf.otherwise?.length ?? 0),
  )
  if (always) state.pending = close
}

type Facts = Partial<Step> & Pick<Step, 'operation' | 'max'>

function factsOf(value: Value, {keys, said}: State): Facts {
  switch (value.kind) {
    case 'text':
      return {operation: 'text', max: value.max}
    case 'id':
      if (value.defines !== undefined) return {operation: 'define', max: value.max, keys: keys[value.defines]}
      if (value.in !== undefined) return {operation: 'known', max: value.max, keys: keys[value.in]}
      return {operation: 'id', max: value.max}
    case 'said':
      return {operation: 'said', max: value.max, keys: keys[value.of], said: said[value.of] ?? []}
    case 'token':
      return {operation: 'token', max: value.max}
    case 'list':
      return {operation: 'list', max: Math.max(...value.values.map(({length}) => length)), keys: tableOf(value.values)}
    case 'pattern':
      return {operation: 'pattern', max: 255, pattern: value.pattern}
    case 'country':
      return {operation: 'letters', max: 2, table: CODE_TABLES.country}
    case 'currency':
      return {operation: 'letters', max: 3, table: CODE_TABLES.currency}
    case 'date':
      return {operation: 'date', max: 10}
    case 'day':
      return {operation: 'day', max: 10}
    case 'time':
      return {operation: 'time', max: 8}
    case 'decimal':
      return {operation: 'decimal', max: value.digits, decimals: value.decimals}
    case 'period':
      return {operation: 'period', max: 2}
    case 'fiscalYear':
      return {operation: 'fiscalYear', max: 4}
    default:
      return value satisfies never
  }
}

function tableOf(values: readonly string[]): KeyTable {
  const table = createKeyTable()
  for (const value of values) {
    const bytes = Buffer.from(value)
    table.add(bytes, 0, bytes.length)
  }
  return table
}

const NO_BYTES = new Uint8Array(0)

/** Adds a step that takes over the pending constant, which is empty then. `bytes` is what its value may take. */
function push(state: State, facts: Partial<Step> & Pick<Step, 'operation'>, bytes: number): Step {
  const step: Step = {
    lead: state.encode(state.pending),
    open: NO_BYTES,
    close: NO_BYTES,
    sources: [],
    required: false,
    otherwise: NO_BYTES,
    max: 0,
    decimals: 0,
    table: NO_BYTES,
    keys: undefined,
    said: [],
    pattern: undefined,
    register: 0,
    skip: 0,
    path: '',
    column: '',
    value: undefined,
    ...facts,
  }
  state.steps.push(step)
  state.maxBytes += step.lead.length + bytes
  state.pending = ''
  return step
}

function flush(state: State): void {
  if (state.pending !== '') push(state, {operation: 'constant'}, 0)
}
