// The formats by the name that the spec gives them. An adapter is loaded when it is used.
import type {Format as FormatSpec} from '../../crds/format.ts'
import type {DatevDocuments} from '../../crds/formats/datev-documents.ts'
import type {TemplateValues} from '../../crds/template.ts'
import {rendered} from '../paths.ts'
import type {DocumentsPlace} from './datev/documents/place.ts'
import type {Format} from './types.ts'

export interface FormatOptions {
  /** What templates may name. */
  readonly values: TemplateValues
  /** Where the volume with documents is mounted. */
  readonly documentsMount: string
}

/** The format that the spec names; the schema has seen to it that it names exactly one. @throws PermanentFault PathNotAllowed */
export async function createFormat(spec: FormatSpec, options: FormatOptions): Promise<Format> {
  if (spec.datev !== undefined) {
    const {createDatevFormat} = await import('./datev/format.ts')
    return createDatevFormat(spec.datev, {documents: spec.datev.documents && documentsPlace(spec.datev.documents, options)})
  }
  if (spec.bmd !== undefined) {
    const {createBmdFormat} = await import('./bmd/format.ts')
    return createBmdFormat(spec.bmd)
  }
  if (spec.saft !== undefined) {
    const {createSaftFormat} = await import('./saft/format.ts')
    return createSaftFormat(spec.saft)
  }
  if (spec.csv !== undefined) {
    const {createCsvFormat} = await import('./csv/format.ts')
    return createCsvFormat(spec.csv)
  }
  if (spec.ndjson !== undefined) {
    const {createNdjsonFormat} = await import('./ndjson/format.ts')
    return createNdjsonFormat(spec.ndjson)
  }
  if (spec.gobd !== undefined) {
    const {createGobdFormat} = await import('./gobd/format.ts')
    return createGobdFormat(spec.gobd)
  }
  throw new Error('the spec names no format')
}

function documentsPlace({path, repository}: DatevDocuments, {values, documentsMount}: FormatOptions): DocumentsPlace {
  const fill = (text: string, field: string): string => rendered(text, `spec.format.datev.documents.${field}`, values)
  return {
    mount: documentsMount,
    path: fill(path, 'path'),
    repository: repository && {
      category: fill(repository.category, 'repository.category'),
      folder: fill(repository.folder, 'repository.folder'),
      register: fill(repository.register, 'repository.register'),
    },
  }
}
