// The resource as a run takes it along: a change of the spec never reaches a run that has begun.
import {MAX_FROZEN_BYTES} from '../../crds/run.ts'
import type {FrozenExport} from '../../crds/run.ts'
import type {ScheduledExport} from '../../crds/scheduledexport.ts'
import {identityOf} from './metadata.ts'

/** JSON of the FrozenExport; throws a RangeError where it is too large for a pod template. */
export function freeze(resource: ScheduledExport): string {
  const {namespace, name, uid} = identityOf(resource)
  const frozen: FrozenExport = {name, namespace, uid, generation: resource.metadata.generation ?? 0, spec: resource.spec}
  const text = JSON.stringify(frozen)
  const bytes = Buffer.byteLength(text)
  if (bytes > MAX_FROZEN_BYTES) {
    throw new RangeError(`spec has ${bytes} bytes as JSON, and at most ${MAX_FROZEN_BYTES} fit into a pod: shorten the queries, for instance by a view`)
  }
  return text
}
