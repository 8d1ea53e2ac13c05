// Where the files go: optional siblings, exactly one of them.
import {z} from 'zod'
import {exactlyOneOf, objectName, volumePath} from './fields.ts'

/** A folder on a PersistentVolumeClaim of the same namespace. */
export const VolumeDestination = z.strictObject({
  claimName: objectName().describe('Name of a PersistentVolumeClaim in the same namespace.'),
  path: volumePath()
    .default('')
    .describe("Folder on the volume, made where missing; placeholders such as {{ period.start | date: '%Y' }} are filled in."),
})
export type VolumeDestination = z.infer<typeof VolumeDestination>

export const Destination = exactlyOneOf(
  z.strictObject({volume: VolumeDestination.optional().describe('Write to a persistent volume.')}),
  ['volume'],
)
export type Destination = z.infer<typeof Destination>
