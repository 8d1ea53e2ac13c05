// Builders of small objects for tests.
import type {V1ObjectMeta} from '@kubernetes/client-node'
import {API_VERSION, KIND, LABEL_EXPORT} from '../../crds/names.ts'
import type {ScheduledExport} from '../../crds/scheduledexport.ts'
import {ScheduledExportSpec} from '../../crds/spec.ts'
import type {CronJob, Wire} from '../kube/resources.ts'
import type {Logger} from '../reconcile/types.ts'

type Metadata = Wire<V1ObjectMeta>

/** A ConfigMap-like nothing: metadata only, with a version that differs from call to call unless given. */
export function anObject(namespace: string, name: string, more: Metadata = {}): {metadata: Metadata} {
  return {metadata: {namespace, name, uid: `${namespace}/${name}`, resourceVersion: nextVersion(), ...more}}
}

export function aCronJob(namespace: string, name: string): CronJob {
  return {
    metadata: {namespace, name, uid: `uid-${name}`, resourceVersion: nextVersion(), labels: {[LABEL_EXPORT]: name}},
    spec: {schedule: '0 6 1 * *', jobTemplate: {spec: {template: {}}}},
  }
}

export function anExport(namespace: string, name: string, more: Partial<ScheduledExport> = {}): ScheduledExport {
  return {
    apiVersion: API_VERSION,
    kind: KIND,
    metadata: {namespace, name, uid: `uid-${name}`, generation: 1, resourceVersion: nextVersion()},
    spec: ScheduledExportSpec.parse({
      schedule: '0 6 1 * *',
      period: {range: 'PreviousMonth'},
      source: {csv: {claimName: 'ledger', datasets: {bookings: {path: 'bookings.csv'}}}},
      format: {datev: {consultant: 1001, client: 456, fiscalYearStart: '01-01', accountLength: 4, files: ['Buchungsstapel']}},
      destination: {volume: {claimName: 'exports', path: 'datev'}},
    }),
    ...more,
  }
}

let versions = 0

function nextVersion(): string {
  versions += 1
  return String(versions)
}

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly fields: object
  readonly message: string
}

/** A logger that keeps its lines. */
export function recordingLogger(lines: LogLine[] = []): Logger & {readonly lines: readonly LogLine[]} {
  function at(level: LogLine['level']) {
    return (fields: object, message: string) => {
      lines.push({level, fields, message})
    }
  }
  return {lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), child: () => recordingLogger(lines)}
}
