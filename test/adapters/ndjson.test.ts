// What every source must do, done by the ndjson source.
import {mkdtemp, readdir, readlink, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe} from 'vitest'
import {NdjsonSource} from '../../crds/sources/ndjson.ts'
import {createNdjsonSource} from '../../exporter-job/sources/ndjson.ts'
import {describeSource, describeWrongValues} from '../../exporter-job/sources/testing/contract.ts'
import type {WrongHarness, Table} from '../../exporter-job/sources/testing/contract.ts'

const PATH = 'bookings.ndjson'

/** Built by hand: an object of JavaScript would not have one key twice. */
function ndjson({columns, rows}: Table): string {
  return rows.map((row) => `{${columns.map((name, index) => `${JSON.stringify(name)}: ${JSON.stringify(row[index] ?? null)}`).join(', ')}}\n`).join('')
}

async function harness(): Promise<WrongHarness> {
  const mount = await mkdtemp(join(tmpdir(), 'ndjson-'))
  const put = (text: string): Promise<void> => writeFile(join(mount, PATH), text)
  let columns: readonly {name: string; type?: string}[] = []
  return {
    put(table) {
      // Without rows the columns can only be known from the spec, which takes none twice: that must then be in the file.
      const twice = new Set(table.columns).size < table.columns.length
      columns = table.rows.length > 0 || twice ? [] : table.columns.map((name) => ({name}))
      return put(ndjson(twice ? {...table, rows: [[]]} : table))
    },
    putMany: (rows) => put(`{"id":12345,"text":"${'x'.repeat(80)}","amount":123.45}\n`.repeat(rows)),
    putWrong() {
      columns = [{name: 'booking_id'}, {name: 'reversal', type: 'boolean'}]
      return put('{"booking_id": "B1"}\n{"reversal": 5, "booking_id": "B2"}\n{"booking_id": "B3", "reversal": true}\n')
    },
    source: async () => {
      const spec = NdjsonSource.parse({claimName: 'inbox', datasets: {bookings: {path: PATH, columns}}})
      return createNdjsonSource(spec, {mount, paths: {bookings: PATH}, now: () => new Date()})
    },
    held: () => openFilesBelow(mount),
    dispose: () => rm(mount, {recursive: true}),
  }
}

describe('NDJSON files as a source', () => {
  describeSource(harness)
})

describe('values that columns of NDJSON files cannot have', () => {
  describeWrongValues(harness)
})

async function openFilesBelow(folder: string): Promise<number> {
  const links = await Promise.all((await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')))
  return links.filter((target) => target.startsWith(folder)).length
}
