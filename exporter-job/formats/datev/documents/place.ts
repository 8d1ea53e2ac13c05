// Where documents come from and where DATEV files them: the spec's, with its placeholders filled in.
import type {DocumentFolder} from './files.ts'
import type {Repository} from './list.ts'

export interface DocumentsPlace extends DocumentFolder {
  /** Where DATEV files the documents; undefined for its inbox. */
  readonly repository: Repository | undefined
}
