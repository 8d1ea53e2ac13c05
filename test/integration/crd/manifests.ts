// Manifests that are right, and a way to make one wrong: fields by their path, undefined takes one out.
import {API_VERSION, KIND} from '../../../crds/names.ts'

export interface Manifest {
  apiVersion: string
  kind: string
  metadata: {name: string; namespace?: string}
  spec: Record<string, unknown>
}

export type Changes = Readonly<Record<string, unknown>>

export const DATASETS = {bookings: {query: 'SELECT * FROM bookings WHERE posted_on >= :periodStart'}}

/** From PostgreSQL to DATEV, as short as it can be. */
export function fromPostgres(name: string, changes: Changes = {}): Manifest {
  const source = {postgres: {urlSecretRef: {name: 'ledger-db', key: 'url'}, datasets: structuredClone(DATASETS)}}
  return changed(manifest(name, source), changes)
}

/** From a CSV file to DATEV. */
export function fromCsv(name: string, changes: Changes = {}): Manifest {
  return changed(manifest(name, {csv: {claimName: 'inbox', datasets: {bookings: {path: 'bookings.csv'}}}}), changes)
}

function manifest(name: string, source: object): Manifest {
  return {
    apiVersion: API_VERSION,
    kind: KIND,
    metadata: {name},
    spec: {
      schedule: '0 6 1 * *',
      period: {range: 'PreviousMonth'},
      source,
      format: {datev: {consultant: 1001, client: 456}},
      destination: {volume: {claimName: 'exports'}},
    },
  }
}

function changed(subject: Manifest, changes: Changes): Manifest {
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('.')
    const last = keys.pop() ?? ''
    let parent: object = subject
    for (const key of keys) {
      if (!(key in parent)) Reflect.set(parent, key, {})
      parent = Reflect.get(parent, key)
    }
    if (value === undefined) Reflect.deleteProperty(parent, last)
    else Reflect.set(parent, last, value)
  }
  return subject
}
