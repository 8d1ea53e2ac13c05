// Documents (Belege) beside the bookings, as a spec asks for them: a volume with their files, and where DATEV files them.
import {z} from 'zod'
import {line, objectName, volumePath, withPlaceholders} from '../fields.ts'

function level(): z.ZodType<string, string> {
  return withPlaceholders(line(80).min(1))
}

/** The three levels of DATEV's archive (Belegarchiv). */
const Repository = z.strictObject({
  category: level().describe('Kategorie, such as the name of your program; placeholders are filled in.'),
  folder: level().describe('Ordner; placeholders are filled in.'),
  register: level().describe("Register, such as {{ period.start | date: '%Y/%m' }}; placeholders are filled in."),
})

export const DatevDocuments = z.strictObject({
  claimName: objectName().describe('Name of a PersistentVolumeClaim in the same namespace that holds the files; it is mounted read-only.'),
  path: volumePath()
    .default('')
    .describe('Folder on the volume that the paths of the dataset documents begin in; placeholders are filled in.'),
  repository: Repository.optional().describe('Where DATEV Belege online files the documents. Left out: in its inbox (Posteingang).'),
})
export type DatevDocuments = z.infer<typeof DatevDocuments>

/** Every text of it in which placeholders may stand. */
export function documentTemplates({path, repository}: DatevDocuments): string[] {
  return [path, ...Object.values(repository ?? {})]
}
