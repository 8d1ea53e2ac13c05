// MariaDB as a source: the suite that every source passes, with a real server.
import {describe} from 'vitest'
import {describeSource, describeWrongValues} from '../../../exporter-job/sources/testing/contract.ts'
import type {WrongHarness, Table} from '../../../exporter-job/sources/testing/contract.ts'
import {place} from './source.ts'

const {server, source, connections} = place()

async function harness(): Promise<WrongHarness> {
  let query = ''
  return {
    async put({columns, rows}: Table) {
      const names = columns.map((_, index) => `c${index}`)
      await server().query('drop table if exists contract')
      await server().query(`create table contract (i int primary key, ${names.map((name) => `${name} longtext`).join(', ')})`)
      for (const [index, row] of rows.entries()) {
        const values = row.map((value) => (value === undefined ? 'null' : '?'))
        await server().query(`insert into contract values (${[index, ...values].join(', ')})`, row.filter((value) => value !== undefined))
      }
      query = `select ${names.map((name, index) => `${name} as \`${columns[index]}\``).join(', ')} from contract order by i`
    },
    async putMany(rows) {
      query = `select seq as id, repeat('x', 80) as text, 123.45 as amount from seq_1_to_${rows}`
    },
    async putWrong() {
      await server().query('create or replace table wrong (booking_id varchar(9), reversal boolean)')
      await server().query("insert into wrong values ('B1', true), ('B2', 5), ('B3', false)")
      query = 'select booking_id, reversal from wrong order by 1'
    },
    source: async () => source(query),
    held: connections,
    dispose: () => Promise.resolve(),
  }
}

describe('MariaDB as a source', () => {
  describeSource(harness)
})

describe('values that a column of MariaDB cannot have', () => {
  describeWrongValues(harness)
})
