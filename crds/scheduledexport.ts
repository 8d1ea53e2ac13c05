// The whole resource.
import {z} from 'zod'
import {API_VERSION, KIND, MAX_NAME_LENGTH} from './names.ts'
import type {CelValidation} from './fields.ts'
import {ScheduledExportSpec} from './spec.ts'
import {ScheduledExportStatus} from './status.ts'

const Metadata = z.looseObject({
  name: z
    .string()
    .min(1)
    .max(MAX_NAME_LENGTH, `must have at most ${MAX_NAME_LENGTH} characters, so that the names of its Jobs and pods are not cut`),
  namespace: z.string().optional(),
  uid: z.string().optional(),
  generation: z.int().optional(),
  resourceVersion: z.string().optional(),
})

/** The only rule on metadata, for the API server; zod has it above. */
export const NAME_RULE: CelValidation = {
  rule: `self.metadata.name.size() <= ${MAX_NAME_LENGTH}`,
  message: `metadata.name must have at most ${MAX_NAME_LENGTH} characters, so that the names of its Jobs and pods are not cut`,
}

/** A ScheduledExport: what to export, when and where to, and how its runs went. */
export const ScheduledExport = z.looseObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal(KIND),
  metadata: Metadata,
  spec: ScheduledExportSpec,
  status: ScheduledExportStatus.optional(),
})
export type ScheduledExport = z.infer<typeof ScheduledExport>
