// The destinations by the name that the spec gives them. An adapter is loaded when it is used.
import type {Destination as DestinationSpec} from '../../crds/destination.ts'
import type {TemplateValues} from '../../crds/template.ts'
import {rendered} from '../paths.ts'
import type {Destination} from './types.ts'

export interface DestinationContext {
  /** What paths may name. */
  readonly values: TemplateValues
  /** Where the destination's volume is mounted. */
  readonly mount: string
  readonly now: () => Date
}

/** The destination that the spec names; the schema has seen to it that it names exactly one. @throws PermanentFault */
export async function createDestination(spec: DestinationSpec, {values, mount, now}: DestinationContext): Promise<Destination> {
  if (spec.volume !== undefined) {
    const {createVolumeDestination} = await import('./volume.ts')
    const {claimName, path} = spec.volume
    const owner = `${values.namespace}/${values.name}`
    return createVolumeDestination({claimName, root: mount, path: rendered(path, 'spec.destination.volume.path', values), owner, now})
  }
  throw new Error('the spec names no destination')
}
