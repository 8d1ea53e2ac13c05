// That the primary key which index.xml states is one: a dialect that looks at each row's key besides.
import type {Dialect} from '../tables/plan.ts'
import {createUniqueKeys} from '../values/unique.ts'

/** Stands in no value of COPY's text format. */
const SEPARATOR = 0x09

/**
 * Refuses a row whose first `keys` fields an earlier row had already (DuplicateKey), said of the last of them. A row of whose key a value is
 * missing or wrong has been refused for that.
 */
export function withUniqueKeys(dialect: Dialect, keys: number): Dialect {
  if (keys === 0) return dialect
  const {plan, encode} = dialect
  const [first, last] = [plan.fields[0], plan.fields[keys - 1]]
  const parts = new Set(plan.fields.slice(0, keys))
  const unique = createUniqueKeys()
  let key = new Uint8Array(256)
  let length = 0
  let met = 0

  function keep(source: Uint8Array, from: number, to: number): void {
    const end = length + to - from + 1
    if (end > key.length) {
      const larger = new Uint8Array(end * 2)
      larger.set(key)
      key = larger
    }
    key.set(source.subarray(from, to), length)
    key[end - 1] = SEPARATOR
    length = end
    met++
  }

  return {
    ...dialect,
    encode(cursor, field) {
      if (!parts.has(field)) return encode(cursor, field)
      if (field === first) length = met = 0
      const {source, from, to} = cursor
      const broken = encode(cursor, field)
      if (broken !== undefined) return broken
      keep(source, from, to)
      return field === last && met === keys && !unique.isNew(key, 0, length) ? 'DuplicateKey' : undefined
    },
  }
}
