// Every rule that a row of `documents`, or a booking's document_id, can break. Codes are listed in docs/errors.md.
import {MAX_DOCUMENT_BYTES, MAX_FILES} from './limits.ts'
import {FILE_TYPES} from './names.ts'

/** Completes "documents row 3, column path: …". Never made from the value. */
export const DOCUMENT_RULES = {
  MissingValue: 'must not be empty',
  ValueNotAllowed: 'must be 1 (incoming invoice) or 2 (outgoing invoice), or empty',
  PathNotAllowed: 'must be a path below the folder of spec.format.datev.documents: relative, without "..", and no symbolic link that leads out of it',
  FileNotFound: 'must name a file below the folder of spec.format.datev.documents: there is none of that path',
  FileNotReadable: 'must name a regular file that user and group 65532 may read',
  FileEmpty: 'must name a file that holds something: it has no byte',
  DocumentNameNotAllowed:
    'must give a name of at most 100 characters A-Z a-z 0-9 . _ - and blanks, with an ending, and not document.xml: say another one in file_name',
  FileTypeNotAllowed: `must give a name with an ending that DATEV takes: ${FILE_TYPES.join(', ')}`,
  DocumentNameTwice: 'must give a name that no other file of the run has, in capitals or not: say another one in file_name',
  DocumentNotTogether: 'must follow the other files of its document: give the query an ORDER BY document_id',
  DocumentTypeDiffers: 'must be the same in all rows of a document',
  TooManyFiles: `must be one of at most ${MAX_FILES} files of its document: DATEV takes no more`,
  DocumentTooLarge: `must not take its document beyond ${MAX_DOCUMENT_BYTES / 1_000_000} MB, all its files together: DATEV takes no more`,
  DocumentMissing: 'must be the document_id of a row of documents: DATEV would show nothing behind the link',
} as const

/** What keeps nobody from publishing. */
export const DOCUMENT_NOTES = {
  DocumentNotLinked: 'is in a package, and no booking that was written names it',
} as const

export type DocumentRule = keyof typeof DOCUMENT_RULES
