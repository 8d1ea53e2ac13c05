import {describe, expect, it} from 'vitest'
import {SECRET_ENV, secretRefs, secretsFrom} from './secrets.ts'
import {ScheduledExportSpec} from './spec.ts'
import type {ScheduledExportSpecInput} from './spec.ts'

function refsOf(source: ScheduledExportSpecInput['source']): ReturnType<typeof secretRefs> {
  return secretRefs(
    ScheduledExportSpec.parse({
      schedule: '0 6 1 * *',
      period: {range: 'PreviousMonth'},
      source,
      format: {datev: {consultant: 1001, client: 456}},
      destination: {volume: {claimName: 'exports'}},
    }),
  )
}

const url = {name: 'ledger-db', key: 'url'}
const ca = {name: 'ledger-ca', key: 'ca.crt'}
const datasets = {bookings: {query: 'SELECT 1'}}

describe('the secrets of a run', () => {
  it.each<[string, ScheduledExportSpecInput['source'], [string, object][]]>([
    ["PostgreSQL's URL", {postgres: {urlSecretRef: url, datasets}}, [['postgresUrl', url]]],
    ["PostgreSQL's URL and CA", {postgres: {urlSecretRef: url, tls: {caSecretRef: ca}, datasets}}, [['postgresUrl', url], ['postgresCa', ca]]],
    ["MySQL's URL", {mysql: {urlSecretRef: url, tls: {mode: 'Require'}, datasets}}, [['mysqlUrl', url]]],
    ["MySQL's URL and CA", {mysql: {urlSecretRef: url, tls: {mode: 'VerifyCA', caSecretRef: ca}, datasets}}, [['mysqlUrl', url], ['mysqlCa', ca]]],
    ['none of a CSV file', {csv: {claimName: 'inbox', datasets: {bookings: {path: 'a.csv'}}}}, []],
  ])('are %s', (_what, source, refs) => {
    expect(refsOf(source)).toEqual(refs)
  })

  it('come from the variables that the pod gets them by', () => {
    expect(secretsFrom({[SECRET_ENV.mysqlUrl]: 'mysql://a', [SECRET_ENV.mysqlCa]: 'PEM', OTHER: 'x'})).toEqual({mysqlUrl: 'mysql://a', mysqlCa: 'PEM'})
  })
})
