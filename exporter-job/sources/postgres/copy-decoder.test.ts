import {array, assert, constant, constantFrom, integer, oneof, property, record, string} from 'fast-check'
import {describe, expect, it} from 'vitest'
import {createCopyDecoder} from './copy-decoder.ts'

/** A message as the server sends it. */
function message(type: string, content: Uint8Array): Buffer {
  const header = Buffer.alloc(5, type)
  header.writeUInt32BE(content.length + 4, 1)
  return Buffer.concat([header, content])
}

/** Feeds the stream in pieces of these sizes (the last one again and again); gives the rows, and what was left to others. */
function decodeInPieces(stream: Buffer, sizes: readonly number[]): {rows: string; rest: string | undefined} {
  const decoder = createCopyDecoder()
  const rows: Buffer[] = []
  let position = 0
  for (let index = 0; position < stream.length; index++) {
    const piece = Buffer.from(stream.subarray(position, (position += sizes[Math.min(index, sizes.length - 1)]!)))
    const decoded = decoder.decode(piece)
    rows.push(Buffer.from(decoded.rows))
    if (decoded.rest !== undefined) return {rows: Buffer.concat(rows).toString(), rest: Buffer.concat([decoded.rest, stream.subarray(position)]).toString('latin1')}
  }
  return {rows: Buffer.concat(rows).toString(), rest: undefined}
}

const START = message('H', Buffer.from([0, 0, 0]))
const DONE = message('c', Buffer.alloc(0))
const AFTER = message('C', Buffer.from('COPY 2\0'))

describe('The messages of COPY', () => {
  it('are rows of any bytes, wherever the stream is cut, with notices between them', () => {
    const part = oneof(
      {weight: 4, arbitrary: record({type: constant('d'), text: string({maxLength: 40})})},
      record({type: constantFrom('N', 'A', 'S'), text: string({maxLength: 20})}),
    )
    assert(
      property(array(part, {maxLength: 20}), array(integer({min: 1, max: 50}), {minLength: 1, maxLength: 20}), (parts, sizes) => {
        const stream = Buffer.concat([START, ...parts.map(({type, text}) => message(type, Buffer.from(text))), DONE, AFTER])
        const rows = parts.filter(({type}) => type === 'd').map(({text}) => text)
        expect(decodeInPieces(stream, sizes)).toEqual({rows: rows.join(''), rest: AFTER.toString('latin1')})
      }),
    )
  })

  it('end with an error, which is left to the client library', () => {
    const error = message('E', Buffer.from('SERROR\0'))
    const stream = Buffer.concat([START, message('d', Buffer.from('1\n')), error])
    for (const size of [1, 4, 7, 1000]) expect(decodeInPieces(stream, [size])).toEqual({rows: '1\n', rest: error.toString('latin1')})
  })

  it('may be an error from the first byte on', () => {
    const error = message('E', Buffer.from('SERROR\0'))
    expect(decodeInPieces(error, [3])).toEqual({rows: '', rest: error.toString('latin1')})
  })

  it('are not at their end before the server says so', () => {
    expect(decodeInPieces(Buffer.concat([START, message('d', Buffer.from('1\n'))]), [6])).toEqual({rows: '1\n', rest: undefined})
  })
})
