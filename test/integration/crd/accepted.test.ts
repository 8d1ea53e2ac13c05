// What is right is accepted, and the API server fills in the same defaults as the programs.
import {globSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import type {KubernetesObject} from '@kubernetes/client-node'
import {beforeAll, describe, expect, inject, it} from 'vitest'
import {API_VERSION, PLURAL} from '../../../crds/names.ts'
import {ScheduledExport} from '../../../crds/scheduledexport.ts'
import {APPLY, connect, createNamespace, messageOf, objectsOf, type Kube} from '../../support/kube.ts'
import {DATASETS, fromCsv, fromPostgres, type Changes, type Manifest} from './manifests.ts'

const ROOT = join(import.meta.dirname, '../../..')

interface Good {
  readonly title: string
  readonly changes: Changes
  readonly base?: typeof fromCsv | typeof fromPostgres
}

const QUERY = 'spec.source.postgres.datasets.bookings.query'
const PATH = 'spec.destination.volume.path'

const GOOD: readonly Good[] = [
  {title: 'nothing but what is required', changes: {}},
  {title: 'a CSV file', changes: {}, base: fromCsv},
  {title: 'umlauts in query, path and column names', changes: {
    [QUERY]: "SELECT \"Überschuß\" FROM büchungen WHERE text = 'Käse – 5 €'\n\t-- naïve",
    [PATH]: 'Büro Köln/Übergabe',
    'spec.format.datev.columns': [{to: 'datev_14_buchungstext', from: 'Übersicht'}],
  }},
  {title: 'a query as long as can be, of letters that take four bytes', changes: {[QUERY]: '😀'.repeat(8_192)}},
  {title: 'a placeholder in every form', changes: {
    [PATH]:
      `{{ name }}/{{namespace}}/{{ period.start | date: '%Y-%m' }}_{{period.end|date:"%d.%m.%G-W%V"}}/` +
      "{{ scheduledTime }}/{{ period.start | date: '%Yq%q-%j' }}",
  }},
  {title: 'dots in a path that lead nowhere', changes: {[PATH]: 'a..b/...c/.d'}},
  {title: 'a schedule with everything', changes: {'spec.schedule': '  */15,+3\t8-18/2 1,15  JAN-mar,12 Mon-FRI '}},
  {title: 'a schedule that never comes', changes: {'spec.schedule': '0 0 31 2 *'}},
  ...['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'].map((schedule) => ({
    title: schedule,
    changes: {'spec.schedule': schedule},
  })),
  ...['UTC', 'Etc/GMT+5', 'America/Argentina/Buenos_Aires', 'Asia/Kolkata', 'CET'].map((timeZone) => ({
    title: `the time zone ${timeZone}`,
    changes: {'spec.timeZone': timeZone},
  })),
  {title: 'a month to date with a lag of 31 days', changes: {'spec.period': {range: 'MonthToDate', lagDays: 31}}},
  {title: 'a lag of a year', changes: {'spec.period.lagDays': 366}},
  {title: 'every wait at its bound', changes: {'spec.retry': {attempts: 10, backoff: {initial: '1h', factor: 10, max: '360m'}}}},
  {title: 'the longest deadline', changes: {'spec.activeDeadline': '168h'}},
  {title: 'a duration in parts', changes: {'spec.activeDeadline': '1h30m15s'}},
  {title: 'a tab between CSV fields', changes: {'spec.source.csv.delimiter': '\t'}, base: fromCsv},
  {title: 'a CSV file named by placeholders', changes: {'spec.format': {csv: {delimiter: '\t', nullText: String.raw`\N`, datasets: [
    {dataset: 'bookings', fileName: "{{ name }}_{{ period.start | date: '%Y-%m' }}", columns: [{from: 'text', to: 'Übersicht'}, {from: 'amount', type: 'Number'}]},
  ]}}}},
  {title: 'TLS as it is by default', changes: {'spec.source.postgres.tls': {}}},
  {title: 'TLS with a CA, parameters and timeouts', changes: {
    'spec.source.postgres.tls': {mode: 'VerifyCA', caSecretRef: {name: 'ledger-ca', key: 'ca.crt'}},
    'spec.source.postgres.parameters': [{name: 'who', value: ''}, {name: 'Who', type: 'boolean', value: 'true'}],
    'spec.source.postgres.statementTimeout': '168h',
    'spec.source.postgres.lockTimeout': '1h',
  }},
  {title: 'MySQL with a control', changes: {
    'spec.source': {mysql: {urlSecretRef: {name: 'ledger-mysql', key: 'url'}, datasets: {bookings: {query: 'SELECT 1'}}}},
    'spec.control': {query: 'SELECT COUNT(*) AS count FROM bookings'},
  }},
  {title: 'documents with a folder and a repository by placeholders', changes: {
    'spec.source.postgres.datasets.documents': {query: 'SELECT document_id, path FROM attachments ORDER BY 1'},
    'spec.format.datev.documents': {
      claimName: 'invoices',
      path: "{{ period.start | date: '%Y/%m' }}",
      repository: {category: 'Büro & Söhne', folder: '{{ name }}', register: "{{ period.start | date: '%Y/%m' }}"},
    },
  }},
  {title: 'an object name with dots', changes: {'spec.destination.volume.claimName': 'exports.v2-a'}},
]

describe('a good manifest is accepted', () => {
  let kube: Kube
  let namespace: string
  beforeAll(async () => {
    kube = connect(inject('kubeconfig'))
    namespace = await createNamespace(kube, 'accepted')
  })

  async function createAndApply(manifest: Manifest): Promise<KubernetesObject> {
    const placed = {...manifest, metadata: {...manifest.metadata, namespace}}
    const collection = `/apis/${API_VERSION}/namespaces/${namespace}/${PLURAL}`
    const created = await kube.call('POST', collection, {query: {fieldValidation: 'Strict'}, body: placed})
    expect(messageOf(created.body)).toBe('')
    const call = {query: {fieldManager: 'test', force: 'true'}, body: placed, contentType: APPLY}
    const applied = await kube.call('PATCH', await kube.pathOf(placed), call)
    expect(messageOf(applied.body)).toBe('')
    return applied.body
  }

  it.each(GOOD.map((good, index) => ({...good, name: `good-${index}`})))('$title', async ({name, changes, base = fromPostgres}) => {
    const stored = await createAndApply(base(name, changes))
    expect(stored).toHaveProperty('spec', ScheduledExport.parse(base(name, changes)).spec)
  })

  it('a name of 46 characters', async () => {
    const name = 'n'.repeat(46)
    expect(await createAndApply(fromPostgres(name))).toHaveProperty('metadata.name', name)
  })

  it('the defaults, written out', async () => {
    expect(await createAndApply(fromPostgres('defaults'))).toHaveProperty('spec', {
      ...fromPostgres('defaults').spec,
      timeZone: 'Europe/Berlin',
      suspend: false,
      period: {range: 'PreviousMonth', lagDays: 0},
      source: {postgres: {urlSecretRef: {name: 'ledger-db', key: 'url'}, parameters: [], lockTimeout: '30s', datasets: DATASETS}},
      format: {
        datev: {
          consultant: 1001,
          client: 456,
          fiscalYearStart: '01-01',
          accountLength: 4,
          files: ['Buchungsstapel'],
          currency: 'EUR',
          description: 'Buchungsstapel',
          festschreibung: false,
          encoding: 'Windows1252',
          unmappable: 'Error',
          zeroAmount: 'Error',
          negativeAmount: 'Error',
          automaticAccounts: [],
          columns: [],
          masterColumns: [],
          fiscalYears: [],
        },
      },
      destination: {volume: {claimName: 'exports', path: ''}},
      onExisting: 'Fail',
      onEmpty: 'NoFile',
      maxErrors: 100,
      spreadsheetFormulas: 'Report',
      retry: {attempts: 3, backoff: {initial: '60s', factor: 2, max: '15m'}},
      activeDeadline: '6h',
      historyLimit: 10,
    })
  })

  const examples = globSync('examples/**/*.yaml', {cwd: ROOT})
  it('there are examples', () => expect(examples.length).toBeGreaterThan(0))
  it.each(examples)('%s', async (path) => {
    const exports = objectsOf(readFileSync(join(ROOT, path), 'utf8')).filter(({kind}) => kind === 'ScheduledExport')
    for (const example of exports) {
      const placed = {...example, metadata: Object.assign({}, example.metadata, {namespace})}
      const created = await kube.call('POST', `/apis/${API_VERSION}/namespaces/${namespace}/${PLURAL}`, {
        query: {fieldValidation: 'Strict'},
        body: placed,
      })
      expect(messageOf(created.body)).toBe('')
      expect(created.body).toHaveProperty('spec', ScheduledExport.parse(placed).spec)
    }
  })
})
