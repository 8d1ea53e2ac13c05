// The keys of a row's object, and the column that each of them fills.
import type {Column, ColumnType, ValueFormat} from '../../../crds/sources/columns.ts'
import type {DatasetColumn} from '../types.ts'
import {copyEscaped, typedValue} from '../values/rewrite.ts'
import type {TypedValue} from '../values/rewrite.ts'

/** The keys of one object; an object in it has a node of its own. */
export interface KeyNode {
  readonly names: readonly string[]
  /** The names as JSON has them when nothing in them is escaped; undefined for one that has to be. */
  readonly bytes: readonly (Uint8Array | undefined)[]
  /** The column that a key fills, or -1. */
  readonly columns: readonly number[]
  /** The keys of the object that a key holds. */
  readonly children: readonly (KeyNode | undefined)[]
  /** The row in which a key was seen last: no row has it twice. */
  readonly seen: Uint32Array
  /** Where the next key is looked for first: rows of one API have their keys in one order. */
  next: number
}

export interface JsonPlan {
  readonly root: KeyNode
  readonly columns: readonly DatasetColumn[]
  /** What a column is called in the source, for messages. */
  readonly paths: readonly string[]
  readonly typed: readonly (TypedValue | undefined)[]
  readonly types: readonly ColumnType[]
  /** A string with this text, as COPY writes it, is NULL. */
  readonly nullText: Uint8Array | undefined
  readonly ignoresOthers: boolean
}

/** A dot in `from` (or in a name without it) goes one object down. */
export function jsonPlan(columns: readonly Column[], otherKeys: 'Refuse' | 'Ignore', format: ValueFormat): JsonPlan {
  const paths = columns.map(({name, from}) => from ?? name)
  return {
    root: nodeOf(paths.map((path, column) => ({keys: path.split('.'), column}))),
    columns: columns.map(({name, type}) => ({name, type})),
    paths,
    typed: columns.map(({type}) => typedValue(type, format)),
    types: columns.map(({type}) => type),
    nullText: format.nullText === undefined ? undefined : copyEscaped(format.nullText),
    ignoresOthers: otherKeys === 'Ignore',
  }
}

interface Leaf {
  readonly keys: readonly string[]
  readonly column: number
}

function nodeOf(leaves: readonly Leaf[]): KeyNode {
  const byName = Map.groupBy(leaves, ({keys: [first = '']}) => first)
  const names = [...byName.keys()]
  const below = names.map((name) => byName.get(name)!.filter(({keys}) => keys.length > 1))
  return {
    names,
    bytes: names.map((name) => (/["\\\x00-\x1f]/.test(name) ? undefined : Buffer.from(name))),
    columns: names.map((name) => byName.get(name)!.find(({keys}) => keys.length === 1)?.column ?? -1),
    children: below.map((inner) => (inner.length === 0 ? undefined : nodeOf(inner.map(({keys, column}) => ({keys: keys.slice(1), column}))))),
    seen: new Uint32Array(names.length),
    next: 0,
  }
}

/** Thrown for what cannot be a row; the message is for after the row's place. */
export class ShapeError extends Error {
  readonly code: 'JsonInvalid' | 'DuplicateColumn'

  constructor(message: string, code: 'JsonInvalid' | 'DuplicateColumn' = 'JsonInvalid') {
    super(message)
    this.code = code
  }
}

/** Strings, marks, and words: all that a text which is known to be JSON consists of. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g

/**
 * The columns of the first object: every key, and those of objects in it by dotted paths. `text` is known to be one JSON object. It is not
 * given to JSON.parse as a whole: that of Node 24 and 26 now and then takes a key of one escaped character, such as "\n", for a backslash
 * (nodejs/node#63785).
 * @throws ShapeError
 */
export function columnsOfFirst(text: string): Column[] {
  const tokens = text.match(TOKENS) ?? []
  const found: Column[] = []
  let at = 1
  readKeys('')
  return found

  /** From behind the opening brace to behind the closing one. */
  function readKeys(prefix: string): void {
    while (tokens[at] !== '}') {
      const key = JSON.parse(tokens[at]!) as string
      if (key.includes('.')) throw new ShapeError(`key ${quoted(prefix + key)} has a dot in it: it cannot be told from a key of an inner object`)
      readValueOf(prefix + key)
      if (tokens[at] === ',') at += 1
    }
    at += 1
  }

  function readValueOf(path: string): void {
    const value = tokens[at + 2]
    if (value === '[') throw new ShapeError(`key ${quoted(path)} holds an array: name the keys to read in columns, and set otherKeys to Ignore`)
    at += 3
    if (value === '{') readKeys(`${path}.`)
    else found.push({name: path, type: 'text'})
  }
}

/** A key in a message. */
export function quoted(key: string): string {
  return JSON.stringify(key.length > 80 ? `${key.slice(0, 80)}…` : key)
}
