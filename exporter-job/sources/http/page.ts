// One page: its bytes as rows of COPY text.
import {PermanentFault} from '../../errors.ts'
import {gunzip} from '../files/gunzip.ts'
import type {Pieces} from '../files/pieces.ts'
import {textPieces} from '../files/text.ts'
import {createLineReader} from '../json/lines.ts'
import {ContentFault} from '../refusals.ts'
import type {JsonRows} from '../json/rows.ts'
import {bodyCut} from './client.ts'
import type {HttpAnswer} from './client.ts'
import {createEnvelope} from './envelope.ts'

export interface PageOptions {
  readonly body: 'Json' | 'Ndjson'
  readonly rowsPath: readonly string[]
  readonly cursorPath: readonly string[] | undefined
  /** "dataset bookings, page 3 of https://…", for messages. */
  readonly where: string
  readonly dataset: string
  /** "page 3 of https://…" */
  readonly place: string
  readonly rows: JsonRows
  /** Counts unpacked bytes; throws when there are too many. */
  readonly count: (bytes: number) => void
}

export interface Page {
  readonly pieces: Pieces
  /** Known at the end of the pieces. */
  cursor(): string | null | undefined
}

/** @throws ContentFault JsonInvalid, PermanentFault HttpInvalid, TransientFault HttpBodyCut */
export function readPage(answer: HttpAnswer, options: PageOptions): Page {
  const body = counted(unpacked(answer, options), options.count)
  // 204: there is nothing.
  if (answer.status === 204) return {pieces: body, cursor: () => null}
  return options.body === 'Json' ? readJson(body, options, answer) : readLines(body, options, answer)
}

function unpacked({headers, body}: HttpAnswer, options: PageOptions): Pieces {
  const {where} = options
  const encoding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  if (encoding === 'identity') return body
  if (encoding !== 'gzip' && encoding !== 'x-gzip') throw new PermanentFault('HttpInvalid', `${where}: the answer is packed as ${JSON.stringify(encoding.slice(0, 40))}, only gzip is read`)
  return gunzipped(body, options)
}

/** What breaks off on its way is asked for again. */
async function* gunzipped(body: Pieces, {where, dataset, place}: PageOptions): Pieces {
  try {
    yield* gunzip(body, {dataset, place})
  } catch (error) {
    throw error instanceof ContentFault && error.code === 'GzipInvalid' ? bodyCut(where) : error
  }
}

async function* counted(body: Pieces, count: (bytes: number) => void): Pieces {
  for await (const piece of body) {
    count(piece.length)
    yield piece
  }
}

function readJson(body: Pieces, {rowsPath, cursorPath, where, dataset, place, rows}: PageOptions, {headers}: HttpAnswer): Page {
  const envelope = createEnvelope({
    rowsPath,
    cursorPath,
    onRow: (source, from, to) => rows.add(source, from, to),
    fail(problem) {
      throw new ContentFault('JsonInvalid', {dataset, place}, `${problem} (content-type ${mediaType(headers)})`)
    },
  })
  async function* read(): Pieces {
    for await (const piece of textPieces(body, 'UTF8')) {
      envelope.feed(piece)
      yield rows.take()
    }
    if (!envelope.end()) throw bodyCut(where)
  }
  return {pieces: read(), cursor: () => envelope.cursor()}
}

function readLines(body: Pieces, {where, dataset, place, rows}: PageOptions, {headers}: HttpAnswer): Page {
  // Lines have no end that could be missed: without a length nobody would notice that the last ones did not arrive.
  const bounded = headers['content-length'] ?? headers['transfer-encoding'] ?? headers['content-encoding']
  if (bounded === undefined) throw new PermanentFault('HttpInvalid', `${where}: the answer has neither a length nor chunks, so that its end cannot be known`)
  const lines = createLineReader({dataset, file: place}, () => rows)
  async function* read(): Pieces {
    for await (const piece of textPieces(body, 'UTF8')) {
      lines.feed(piece)
      yield rows.take()
    }
    lines.end()
    yield rows.take()
  }
  return {pieces: read(), cursor: () => undefined}
}

function mediaType(headers: HttpAnswer['headers']): string {
  return /^[\w.+/-]{1,80}/.exec(headers['content-type'] ?? '')?.[0] ?? 'not given'
}
