// The adapters of a run, made from its spec.
import type {FrozenExport} from '../../crds/run.ts'
import type {Secrets} from '../../crds/secrets.ts'
import {createCheckDestination} from '../destinations/check.ts'
import type {KeepReport} from '../destinations/check.ts'
import {createDestination} from '../destinations/index.ts'
import {createFormat} from '../formats/index.ts'
import type {Redact} from '../redact.ts'
import {createSource} from '../sources/index.ts'
import type {Adapters} from './execute.ts'
import type {RunIdentity} from './identify.ts'

/** Where volumes are mounted. */
export interface Mounts {
  readonly destination: string
  readonly source: string
  readonly documents: string
}

export interface ConnectOptions {
  readonly frozen: FrozenExport
  readonly identity: RunIdentity
  readonly secrets: Secrets
  readonly mounts: Mounts
  /** From the operator's configuration. */
  readonly allowedPrivateEndpoints: readonly string[]
  readonly redact: Redact
  readonly now: () => Date
  /** Where nothing is to be published: what to do with reports. */
  readonly check?: KeepReport
}

/** Faults: PermanentFault for what the spec or the volumes do not allow. */
export async function connectAdapters(options: ConnectOptions): Promise<Adapters> {
  const {frozen, identity, secrets, mounts, allowedPrivateEndpoints, redact, now, check} = options
  const {name, namespace, spec} = frozen
  const {period, scheduledTime} = identity
  const values = {name, namespace, period, scheduledTime, timeZone: spec.timeZone}
  const [source, format, destination] = await Promise.all([
    createSource(frozen, {period, values, secrets, mount: mounts.source, allowedPrivateEndpoints, redact, now}),
    createFormat(spec.format, {values, documentsMount: mounts.documents}),
    check === undefined ? createDestination(spec.destination, {values, mount: mounts.destination, now}) : createCheckDestination(check),
  ])
  return {source, format, destination}
}
