// From rows to documents: a document is what follows each other under one id.
import type {Findings} from '../../findings.ts'
import type {FileChecks, Refuse} from './checks.ts'
import {createFileChecks, refusing} from './checks.ts'
import type {GuidOf} from './guid.ts'
import {MAX_DOCUMENT_BYTES, MAX_FILES} from './limits.ts'
import type {Document, DocumentFile} from './packages.ts'
import type {Register} from './register.ts'
import type {DocumentRow} from './rows.ts'

export interface DraftsOptions {
  /** Of the dataset, for messages. */
  readonly dataset: string
  /** The real path of the folder that paths begin in. */
  readonly folder: string
  readonly guidOf: GuidOf
  readonly register: Register
  readonly findings: Findings
}

export interface Drafts {
  /** Takes the next row; gives the document that ended before it, if one did. Faults: TransientFault of the volume. */
  take(row: DocumentRow): Promise<Document | undefined>
  /** The last document. */
  end(): Document | undefined
}

interface Draft {
  readonly guid: string
  readonly type: string
  readonly files: DocumentFile[]
  /** Of its files. */
  bytes: number
  /** Rows so far, right or wrong. */
  rows: number
}

/** Belegtyp. */
const TYPES = ['', '1', '2']

export function createDrafts(options: DraftsOptions): Drafts {
  const {dataset, folder, guidOf, findings} = options
  const refuse = refusing(dataset, findings)
  const checks = createFileChecks(dataset, folder, refuse)
  let draft: Draft | undefined
  return {
    async take(row) {
      if (row.document_id === '') refuse(row, 'document_id', 'MissingValue')
      if (!TYPES.includes(row.type)) refuse(row, 'type', 'ValueNotAllowed')
      const before = draft
      const goesOn = before !== undefined && row.document_id !== '' && before.guid === guidOf(row.document_id)
      draft = goesOn ? before : begin(row, options, refuse)
      if (row.type !== draft.type) refuse(row, 'type', 'DocumentTypeDiffers')
      await takeFile(draft, row, checks, refuse)
      return goesOn || before === undefined ? undefined : documentOf(before)
    },
    end: () => draft && documentOf(draft),
  }
}

/** A row without an id is a document of its own, so that the rest of it is checked. */
function begin(row: DocumentRow, {guidOf, register}: DraftsOptions, refuse: Refuse): Draft {
  const {document_id: id, type, number} = row
  const guid = id === '' ? '' : guidOf(id)
  if (id !== '' && !register.add(guid, {row: number, id})) refuse(row, 'document_id', 'DocumentNotTogether')
  return {guid, type, files: [], bytes: 0, rows: 0}
}

async function takeFile(draft: Draft, row: DocumentRow, checks: FileChecks, refuse: Refuse): Promise<void> {
  const file = await checks.check(row)
  if (++draft.rows === MAX_FILES + 1) refuse(row, 'path', 'TooManyFiles')
  if (file === undefined || draft.rows > MAX_FILES) return
  const before = draft.bytes
  draft.bytes += file.size
  if (before <= MAX_DOCUMENT_BYTES && draft.bytes > MAX_DOCUMENT_BYTES) refuse(row, 'path', 'DocumentTooLarge')
  draft.files.push(file)
}

function documentOf({guid, type, files}: Draft): Document {
  return {guid, type: type === '' ? undefined : type, files}
}
