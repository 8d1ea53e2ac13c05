// What every source must do, done by the http source over a real connection: each kind of body and of pages.
import {mkdtemp, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe} from 'vitest'
import {describeSource, describeWrongValues} from '../../../exporter-job/sources/testing/contract.ts'
import type {WrongHarness, Table} from '../../../exporter-job/sources/testing/contract.ts'
import {makeAuthority} from '../../cluster/pki.ts'
import {startApi, writeAll} from '../../support/api.ts'
import type {Answer, ApiOptions} from '../../support/api.ts'
import {httpSource} from './source.ts'
import type {Given} from './source.ts'

/** Rows as JSON texts, made when they are asked for. */
interface Rows {
  readonly count: number
  readonly at: (index: number) => string
}

const PAGE = 20_000

function* part({count, at}: Rows, from: number, separator: string): Generator<string> {
  const end = Math.min(count, from + PAGE)
  for (let start = from; start < end; start += 500) {
    const texts = Array.from({length: Math.min(500, end - start)}, (_, index) => at(start + index))
    yield (start > from ? separator : '') + texts.join(separator)
  }
}

function* body(rows: Rows, from: number, tail: string): Generator<string> {
  yield '{"data": {"items": ['
  yield* part(rows, from, ', ')
  yield `]}${tail}}`
}

function* lines(rows: Rows): Generator<string> {
  for (let from = 0; from < rows.count; from += PAGE) {
    yield* part(rows, from, '\n')
    yield '\n'
  }
}

function rowsOf({columns, rows}: Table): Rows {
  return {
    count: rows.length,
    at: (index) => `{${columns.map((name, column) => `${JSON.stringify(name)}:${JSON.stringify(rows[index]?.[column] ?? null)}`).join(',')}}`,
  }
}

const MANY = `{"id":12345,"text":"${'x'.repeat(80)}","amount":123.45}`

interface Way {
  readonly spec: Given['spec']
  readonly dataset: Given['dataset']
  readonly answer: (rows: Rows, origin: string) => Answer
  readonly tls?: () => {options: ApiOptions; ca: string}
}

async function open({spec, dataset, answer, tls}: Way): Promise<WrongHarness> {
  const secure = tls?.()
  const api = await startApi(secure?.options)
  let columns: readonly {name: string; type?: string}[] = []
  return {
    async put(table) {
      // Without rows the columns can only be known from the spec, which takes none twice: that must then be in the body.
      const twice = new Set(table.columns).size < table.columns.length
      columns = table.rows.length > 0 || twice ? [] : table.columns.map((name) => ({name}))
      api.answer(answer(rowsOf(twice ? {...table, rows: [[]]} : table), api.origin))
    },
    async putMany(count) {
      api.answer(answer({count, at: () => MANY}, api.origin))
    },
    async putWrong() {
      columns = [{name: 'booking_id'}, {name: 'reversal', type: 'boolean'}]
      api.answer(answer({count: 3, at: (index) => `{"booking_id": "B${index + 1}", "reversal": ${['true', '5', 'false'][index]}}`}, api.origin))
    },
    source: async () =>
      httpSource(`${api.origin}/bookings`, {
        spec: {...spec, ...(secure && {caSecretRef: {name: 'api', key: 'ca.crt'}})},
        dataset: {...dataset, columns},
        secrets: secure === undefined ? {} : {httpCa: secure.ca},
      }),
    held: () => api.connections(),
    dispose: () => api.stop(),
  }
}

function describeBoth(harness: () => Promise<WrongHarness>): void {
  describe('its rows', () => {
    describeSource(harness)
  })
  describe('values that its columns cannot have', () => {
    describeWrongValues(harness)
  })
}

describe('JSON, pages by a cursor', () => {
  describeBoth(() =>
    open({
      spec: {pagination: {cursor: {path: 'meta.next', parameter: 'after'}}},
      dataset: {rowsPath: 'data.items'},
      answer: (rows) => (_request, response, url) => {
        const from = Number(url.searchParams.get('after') ?? 0)
        const next = from + PAGE < rows.count ? JSON.stringify(String(from + PAGE)) : 'null'
        return writeAll(response, body(rows, from, `, "meta": {"next": ${next}}`))
      },
    }),
  )
})

describe('JSON, numbered pages', () => {
  describeBoth(() =>
    open({
      spec: {pagination: {pageNumber: {parameter: 'page', first: 0}}},
      dataset: {rowsPath: 'data.items'},
      // Numbered pages of the same rows would be taken for pages of an API that does not know the parameter.
      answer: (rows) => (_request, response, url) => {
        const page = Number(url.searchParams.get('page'))
        const numbered = {...rows, at: (index: number) => rows.at(index).replace('12345', String(100_000 + page))}
        return writeAll(response, body(numbered, page * PAGE, ''))
      },
    }),
  )
})

describe('NDJSON in one answer', () => {
  describeBoth(() =>
    open({
      spec: {body: 'Ndjson'},
      dataset: {},
      answer: (rows) => (_request, response) => writeAll(response, lines(rows)),
    }),
  )
})

describe('JSON packed with gzip over TLS, pages by the Link header', () => {
  let folder: string
  let ca: string
  let pair: {certificate: string; key: string}

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'http-tls-'))
    const authority = await makeAuthority(folder)
    pair = await authority.issue('api', {user: 'api', names: ['DNS:api.test']})
    ca = await readFile(authority.certificate, 'utf8')
  })
  afterAll(() => rm(folder, {recursive: true}))

  describeBoth(() =>
    open({
      spec: {pagination: {link: {}}},
      dataset: {rowsPath: 'data.items'},
      tls: () => ({options: {tls: pair}, ca}),
      answer: (rows, origin) => async (_request, response, url) => {
        const from = Number(url.searchParams.get('from') ?? 0)
        const link = from + PAGE < rows.count ? {link: `<${origin}/bookings?from=0>; rel="first", </bookings?from=${from + PAGE}>; rel="next"`} : {}
        response.writeHead(200, {'content-encoding': 'gzip', ...link})
        await writeAll(response, body(rows, from, ''), {gzip: true})
      },
    }),
  )
})
