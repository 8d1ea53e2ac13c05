// An HTTP API, read page by page as if PostgreSQL had sent its rows. It has no snapshot: each page is as the API gives it at that moment.
import {crc32} from 'node:zlib'
import type {DatasetName} from '../../crds/datasets.ts'
import {parseDuration} from '../../crds/duration.ts'
import type {HttpDataset, HttpSource} from '../../crds/sources/http.ts'
import type {Secrets} from '../../crds/secrets.ts'
import {MAX_RENDERED_LENGTH, renderTemplate} from '../../crds/template.ts'
import type {TemplateValues} from '../../crds/template.ts'
import {systemClock} from '../clock.ts'
import type {Clock} from '../clock.ts'
import {PermanentFault, TransientFault} from '../errors.ts'
import type {Refusals} from '../formats/findings.ts'
import {datasetOf} from './files/source.ts'
import {createHttpClient} from './http/client.ts'
import type {ClientOptions, HttpClient} from './http/client.ts'
import {authorizationOf, caOf} from './http/credentials.ts'
import {readPage} from './http/page.ts'
import {createPaging} from './http/paging.ts'
import {columnsUnknown, createJsonRows} from './json/rows.ts'
import type {JsonRows} from './json/rows.ts'
import {endEarly} from './read-on.ts'
import {REFUSE_AT_ONCE} from './refusals.ts'
import type {Dataset, Snapshot, Source} from './types.ts'

const MEBIBYTE = 1 << 20

export interface HttpOptions {
  readonly values: TemplateValues
  readonly secrets: Secrets
  readonly allowedPrivateEndpoints: readonly string[]
  readonly now: () => Date
  /** For tests: how waits between requests pass, and how names are looked up. */
  readonly clock?: Clock
  readonly resolve?: ClientOptions['resolve']
}

/**
 * Datasets are read one after the other over one connection. One that is opened again is asked for again: where its rows have changed
 * meanwhile, the run has a fault that may pass.
 * @throws PermanentFault for what the Secrets or the addresses do not allow
 */
export function createHttpSource(spec: HttpSource, options: HttpOptions): Source {
  const {values, secrets, allowedPrivateEndpoints, now, clock = systemClock, resolve} = options
  const clientOptions: ClientOptions = {
    authorization: authorizationOf(spec, secrets),
    ca: caOf(spec, secrets),
    timeoutMs: parseDuration(spec.timeout),
    allowance: {endpoints: allowedPrivateEndpoints, namespace: values.namespace},
    clock,
    ...(resolve && {resolve}),
  }
  return {
    async snapshot(signal, refusals = REFUSE_AT_ONCE) {
      signal.throwIfAborted()
      const client = createHttpClient(clientOptions, signal)
      const session: Session = {spec, values, client, signal, refusals, read: new Map(), open: new Set()}
      return {
        takenAt: now().toISOString(),
        open: (name) => openDataset(session, name),
        async [Symbol.asyncDispose]() {
          for (const rows of session.open) await rows.return()
          await client[Symbol.asyncDispose]()
        },
      } satisfies Snapshot
    },
  }
}

interface Session {
  readonly refusals: Refusals
  readonly spec: HttpSource
  readonly values: TemplateValues
  readonly client: HttpClient
  readonly signal: AbortSignal
  /** What each dataset was when it was read first. */
  readonly read: Map<string, string>
  readonly open: Set<AsyncGenerator<Buffer, void, undefined>>
}

async function openDataset(session: Session, name: string): Promise<Dataset> {
  const dataset = Object.hasOwn(session.spec.datasets, name) ? session.spec.datasets[name as DatasetName] : undefined
  if (dataset === undefined) throw new PermanentFault('DatasetMissing', `spec.source.http.datasets has no address for ${name}`)
  let place = ''
  const {columns, otherKeys} = dataset
  const rows = createJsonRows({columns, otherKeys, format: session.spec}, {dataset: name, place: () => place, refusals: session.refusals})
  const url = urlOf(dataset, session.values, name)
  const reading = readPages(session, {dataset, name, url, rows, onPage: (page) => (place = page)})
  session.open.add(reading)
  const release = async (): Promise<void> => {
    session.open.delete(reading)
  }
  try {
    const first = await reading.next()
    const plan = rows.plan()
    if (plan === undefined) throw columnsUnknown(`dataset ${name}`)
    return datasetOf(name, {first, rows: reading, columns: plan.columns, count: () => rows.count()}, release)
  } catch (error) {
    await reading.return()
    await release()
    throw error
  }
}

interface Reading {
  readonly dataset: HttpDataset
  readonly name: string
  readonly url: URL
  readonly rows: JsonRows
  readonly onPage: (place: string) => void
}

/** All pages as COPY text; the first piece, though it may be empty, comes when the columns are known. */
async function* readPages(session: Session, reading: Reading): AsyncGenerator<Buffer, void, undefined> {
  const {rows, name} = reading
  const {read} = session
  let checksum = 0
  try {
    for await (const piece of piecesOfPages(session, reading)) {
      checksum = crc32(piece, checksum)
      if (rows.plan() !== undefined) yield piece
    }
  } catch (error) {
    endEarly(error, {rows: () => rows.count(), refused: () => rows.refused()})
    yield rows.take()
    return
  }
  const state = `${rows.count()} rows, ${checksum}`
  if ((read.get(name) ?? state) !== state) throw new TransientFault('HttpChanged', `dataset ${name}: the rows are others than when they were read first in this run`)
  read.set(name, state)
}

async function* piecesOfPages({spec, client, signal}: Session, {dataset, name, url, rows, onPage}: Reading): AsyncGenerator<Buffer, void, undefined> {
  const paging = createPaging(spec.pagination, url, `dataset ${name}`)
  const limits = createLimits(spec, `dataset ${name}`)
  for (let next: URL | undefined = paging.first, number = 1; next !== undefined; number++) {
    limits.page(number)
    const at: URL = next
    const place = `page ${number} of ${at.origin}${at.pathname}`
    const where = `dataset ${name}, ${place}`
    onPage(place)
    const answer = await client.get(at, {where, accept: spec.body === 'Json' ? 'application/json' : 'application/x-ndjson'})
    const before = {rows: rows.count(), wrong: rows.wrong()}
    const page = readPage(answer, {
      body: spec.body,
      rowsPath: dataset.rowsPath?.split('.') ?? [],
      cursorPath: spec.pagination?.cursor?.path.split('.'),
      where,
      dataset: name,
      place,
      rows,
      count: (bytes) => limits.bytes(bytes),
    })
    let checksum = 0
    for await (const piece of page.pieces) {
      signal.throwIfAborted()
      checksum = crc32(piece, checksum)
      yield piece
    }
    // Of what could not be read nobody knows whether it is the same.
    const isRight = rows.wrong() === before.wrong
    next = paging.next({url: at, headers: answer.headers, cursor: page.cursor(), rows: rows.count() - before.rows, checksum: isRight ? checksum : undefined})
  }
}

interface Limits {
  page(number: number): void
  bytes(more: number): void
}

function createLimits({maxPages, maxMebibytes}: HttpSource, where: string): Limits {
  let left = maxMebibytes * MEBIBYTE
  return {
    page(number) {
      if (number > maxPages) throw new PermanentFault('HttpTooMuch', `${where}: there are more than ${maxPages} pages (maxPages)`)
    },
    bytes(more) {
      left -= more
      if (left < 0) throw new PermanentFault('HttpTooMuch', `${where}: there are more than ${maxMebibytes} MiB (maxMebibytes)`)
    },
  }
}

/** The address with its placeholders filled in and its query encoded. @throws PermanentFault UrlNotAllowed */
function urlOf({url, query}: HttpDataset, values: TemplateValues, name: string): URL {
  const field = `spec.source.http.datasets.${name}`
  const text = rendered(url, `${field}.url`, values)
  if (!URL.canParse(text)) throw new PermanentFault('UrlNotAllowed', `${field}.url: ${JSON.stringify(text.slice(0, 200))} is no URL`)
  const address = new URL(text)
  if (address.username !== '' || address.password !== '' || address.hash !== '' || !['http:', 'https:'].includes(address.protocol)) {
    throw new PermanentFault('UrlNotAllowed', `${field}.url: must be http or https, without user and fragment`)
  }
  for (const {name: parameter, value} of query) address.searchParams.set(parameter, rendered(value, `${field}.query`, values))
  return address
}

function rendered(text: string, field: string, values: TemplateValues): string {
  try {
    return renderTemplate(text, values)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new PermanentFault('UrlNotAllowed', `${field}: ${error.message} (at most ${MAX_RENDERED_LENGTH} characters)`, {cause: error})
  }
}
