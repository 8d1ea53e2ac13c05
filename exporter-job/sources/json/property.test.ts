// Any rows survive the way through JSON, wherever pieces end; JSON that JavaScript refuses is refused here too.
import * as fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {PermanentFault} from '../../errors.ts'
import type {Refusal, Refusals} from '../../formats/findings.ts'
import {createEnvelope} from '../http/envelope.ts'
import {REFUSE_AT_ONCE} from '../refusals.ts'
import {readCopy} from '../testing/copy.ts'
import {createLineReader} from './lines.ts'
import {createJsonRows} from './rows.ts'

const DECLARED = {columns: [], otherKeys: 'Refuse', format: {decimalSign: '.', dateFormat: 'YYYY-MM-DD'}} as const

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].toSorted((one, other) => one - other)
  return [0, ...at].map((start, index) => Buffer.from(bytes.subarray(start, at[index] ?? bytes.length)))
}

function readLines(pieces: readonly Buffer[], refusals: Refusals = REFUSE_AT_ONCE): string {
  const lines = createLineReader({dataset: 'bookings', file: 'a.ndjson'}, (place) => createJsonRows(DECLARED, {dataset: 'bookings', place, refusals}))
  let text = ''
  for (const piece of pieces) {
    lines.feed(piece)
    text += lines.take().toString()
  }
  lines.end()
  return text + lines.take().toString()
}

const IN_BODY = {dataset: 'bookings', place: () => 'the body', refusals: REFUSE_AT_ONCE}

function readArray(pieces: readonly Buffer[], rowsPath: readonly string[], cursorPath?: readonly string[]): {rows: string; cursor: unknown} {
  const rows = createJsonRows(DECLARED, IN_BODY)
  const envelope = createEnvelope({
    rowsPath,
    cursorPath,
    onRow: (source, from, to) => rows.add(source, from, to),
    fail(problem) {
      throw new PermanentFault('JsonInvalid', `the body: ${problem}`)
    },
  })
  let text = ''
  for (const piece of pieces) {
    envelope.feed(piece)
    text += rows.take().toString()
  }
  if (!envelope.end()) throw new PermanentFault('JsonInvalid', 'the body is cut off')
  return {rows: text, cursor: envelope.cursor()}
}

function faultOf(error: unknown): 'fault' {
  if (!(error instanceof PermanentFault) || !['JsonInvalid', 'DuplicateColumn'].includes(error.code)) throw error
  return 'fault'
}

function outcome<T>(run: () => T): T | 'fault' {
  try {
    return run()
  } catch (error) {
    return faultOf(error)
  }
}

const places = fc.array(fc.nat(), {maxLength: 8})
const texts = fc.string({unit: fc.constantFrom('a', ' ', '"', '\\', '/', '{', '}', '[', ']', ',', ':', '\n', '\t', '\u0001', 'ä', '€', '😀', '\u2028'), maxLength: 8})
const numbers = fc.oneof(fc.bigInt({min: -(10n ** 25n), max: 10n ** 25n}).map(String), fc.stringMatching(/^-?(0|[1-9]\d{0,20})\.\d{1,20}$/))
const scalars = fc.oneof(
  texts.map((text) => ({json: JSON.stringify(text), value: text as string | undefined})),
  texts.map((text) => ({json: `"${text.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`, value: text as string | undefined})),
  numbers.map((number) => ({json: number, value: /^-[0.]+$/.test(number) ? number.slice(1) : number})),
  fc.constantFrom({json: 'true', value: 't'}, {json: 'false', value: 'f'}, {json: 'null', value: undefined}),
)
const keys = fc.uniqueArray(texts.filter((text) => text !== ''), {minLength: 1, maxLength: 5})
const blank = fc.constantFrom('', ' ', '\t ')

/** Rows of one set of keys, each in an order of its own and with some keys missing, as JSON and as they are to be read. */
const tables = keys.chain((names) => {
  const row = fc.tuple(fc.array(fc.option(scalars, {nil: undefined}), {minLength: names.length, maxLength: names.length}), fc.shuffledSubarray(names.map((_, index) => index), {minLength: names.length}), blank)
  const first = fc.array(scalars, {minLength: names.length, maxLength: names.length})
  return fc.tuple(first, fc.array(row, {maxLength: 4})).map(([head, rows]) => {
    const all = [{values: head as readonly ((typeof head)[number] | undefined)[], order: names.map((_, index) => index), space: ''}, ...rows.map(([values, order, space]) => ({values, order, space}))]
    const json = all.map(({values, order, space}) => {
      const members = order.flatMap((index) => (values[index] === undefined ? [] : [`${space}${JSON.stringify(names[index])}${space}:${space}${values[index].json}${space}`]))
      return `{${members.join(',')}}`
    })
    return {json, expected: all.map(({values}) => values.map((value) => value?.value))}
  })
})

it('every row reads back by value, as lines and as an array, wherever pieces end', () => {
  fc.assert(
    fc.property(tables, places, ({json, expected}, at) => {
      expect(readCopy(readLines(cut(Buffer.from(json.join('\n')), at)))).toEqual(expected)
      const body = Buffer.from(`{"before": [{"rows": 1}, "}"], "meta": {"next": "a\\"b"}, "data": {"rows": [${json.join(' , ')}]}, "after": -1.5e3}`)
      const read = readArray(cut(body, at), ['data', 'rows'], ['meta', 'next'])
      expect(readCopy(read.rows)).toEqual(expected)
      expect(read.cursor).toBe('a"b')
    }),
    {numRuns: 500},
  )
})

describe('what is no JSON is refused, and what is refused is the same wherever pieces end:', () => {
  const noise = fc.string({unit: fc.constantFrom(...'{}[]",:\\ua10-.eE+ tfnrls\n'.split('')), maxLength: 20})
  const almost = fc.tuple(tables, fc.nat(), fc.constantFrom(...'{}[]",:\\0-.e '.split('')), fc.boolean()).map(([{json}, at, letter, insert]) => {
    const text = json.join('\n')
    const place = at % (text.length + 1)
    return text.slice(0, place) + letter + text.slice(place + (insert ? 0 : 1))
  })

  it('lines', () => {
    fc.assert(
      fc.property(fc.oneof(noise, almost), places, (text, at) => {
        const bytes = Buffer.from(text)
        const whole = outcome(() => readLines([bytes]))
        expect(outcome(() => readLines(cut(bytes, at)))).toBe(whole)
        if (whole === 'fault') return
        const rows = text.split('\n').filter((line) => line.trim() !== '')
        expect(readCopy(whole)).toHaveLength(rows.length)
        for (const row of rows) expect(typeof JSON.parse(row)).toBe('object')
      }),
      {numRuns: 1_200},
    )
  })

  it('lines, of which every one is a row or refused, and the others stay as they are', () => {
    const first = '{"a":1,"b":"x"}'
    const garbage = fc.oneof(noise.map((text) => text.replaceAll('\n', '')), fc.constantFrom('{"a":2,"b":"y"}', '{"b":null}'))
    fc.assert(
      fc.property(fc.array(garbage.filter((text) => text.trim() !== ''), {maxLength: 6}), places, (lines, at) => {
        const bytes = Buffer.from([first, ...lines].join('\n'))
        const refusals: Refusal[] = []
        const rows = readCopy(readLines(cut(bytes, at), {refuse: (refusal) => void refusals.push(refusal)}))
        expect(rows).toHaveLength(lines.length + 1)
        expect(rows.filter((row) => row.length !== 2)).toEqual([])
        const alone = lines.map((line) => outcome(() => readLines([Buffer.from(`${first}\n${line}`)])))
        expect(refusals.map(({row}) => row)).toEqual(alone.flatMap((read, index) => (read === 'fault' ? [index + 2] : [])))
        expect(rows.slice(1)).toEqual(alone.map((read) => (read === 'fault' ? ['?', '?'] : readCopy(read)[1])))
      }),
      {numRuns: 800},
    )
  })

  it('bodies', () => {
    fc.assert(
      fc.property(fc.oneof(noise, almost.map((text) => `[${text.replaceAll('\n', ',')}]`)), places, (text, at) => {
        const bytes = Buffer.from(text)
        const whole = outcome(() => readArray([bytes], []).rows)
        expect(outcome(() => readArray(cut(bytes, at), []).rows)).toBe(whole)
        if (whole === 'fault') return
        const rows: unknown = JSON.parse(text)
        expect(rows).toHaveLength(readCopy(whole).length)
      }),
      {numRuns: 1_200},
    )
  })
})

it('a body that is cut off at any byte is never whole', () => {
  const body = Buffer.from('{"data": [{"a": "x}\\""}, {"a": -1.50}], "next": null}')
  for (let length = 0; length < body.length; length++) expect(outcome(() => readArray([body.subarray(0, length)], ['data']))).toBe('fault')
  expect(readArray([body], ['data'], ['next'])).toEqual({rows: 'x}"\n-1.50\n', cursor: null})
})

it('many numbers with exponents take no more room than their rows', () => {
  const rows = createJsonRows(DECLARED, IN_BODY)
  const row = Buffer.from(`{${Array.from({length: 50}, (_, index) => `"c${index}": 1e${index}`).join(', ')}}`)
  const expected = `${Array.from({length: 50}, (_, index) => `1${'0'.repeat(index)}`).join('\t')}\n`
  for (let count = 0; count < 500; count++) rows.add(row, 0, row.length)
  expect(rows.take().toString()).toBe(expected.repeat(500))
  expect(rows.take().buffer.byteLength).toBeLessThan(4 * 500 * expected.length)
})
