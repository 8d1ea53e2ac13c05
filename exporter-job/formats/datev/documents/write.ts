// Document packages (Belege): ZIP archives with the files that the dataset `documents` names and their list, document.xml.
import type {Dataset} from '../../../sources/types.ts'
import {throttledProgress} from '../../progress.ts'
import type {FormatResult} from '../../types.ts'
import {daysOf, rangeLabel} from '../ranges.ts'
import type {Writing} from '../write-rows.ts'
import {createDrafts} from './drafts.ts'
import type {Drafts} from './drafts.ts'
import {realFolder} from './files.ts'
import {guidsOf} from './guid.ts'
import {createLinks} from './links.ts'
import type {Links} from './links.ts'
import {createPackages} from './packages.ts'
import type {Document, Packages} from './packages.ts'
import type {DocumentsPlace} from './place.ts'
import {createRegister} from './register.ts'
import {documentColumns, documentRows, unusedDocumentColumns} from './rows.ts'
import {DOCUMENT_NOTES} from './rules.ts'

export interface WrittenDocuments {
  readonly result: FormatResult
  /** What bookings are linked by, afterwards. */
  readonly links: Links
  /** Notes the documents that no booking was linked to; after the bookings. */
  noteUnlinked(): void
}

/** Faults: PermanentFault of the dataset's shape; PathNotAllowed; TransientFault of the volume. */
export async function writeDocuments(writing: Writing, place: DocumentsPlace, dataset: Dataset): Promise<WrittenDocuments> {
  const {spec, context} = writing
  const {findings} = context
  const columns = documentColumns(dataset)
  const register = createRegister()
  const guidOf = guidsOf({consultant: spec.consultant, client: spec.client, exportName: context.name})
  const drafts = createDrafts({dataset: dataset.name, folder: await realFolder(place), guidOf, register, findings})
  const packages = packagesOf(writing, place)
  const progress = throttledProgress((count) => context.progress(count))
  let rows = 0
  for await (const row of documentRows(dataset, columns)) {
    await addTo(packages, await drafts.take(row), writing)
    progress(writing.before + ++rows)
  }
  await endOf(packages, drafts, writing)
  return {
    result: {rows, datasets: [{dataset: 'documents', written: rows, skipped: 0}], totals: [], unusedColumns: unusedOf(dataset), protocol: {tables: []}},
    links: createLinks({register, guidOf}),
    noteUnlinked() {
      for (const {row, id} of register.unlinked()) {
        const rule = 'DocumentNotLinked'
        findings.note({dataset: dataset.name, row, key: {column: 'document_id', value: id}, column: 'document_id', rule, right: DOCUMENT_NOTES[rule], value: id})
      }
    },
  }
}

function packagesOf({sink, limits, context}: Writing, {repository}: DocumentsPlace): Packages {
  const {createdAt: instant, timeZone, revisionSuffix} = context
  const {from, to} = daysOf(context.period)
  const stem = `Belege_${rangeLabel(from, to)}`
  const fileName = (number: number): string => `${stem}_${String(number).padStart(3, '0')}${revisionSuffix}.zip`
  return createPackages({sink, limits: limits.packages, repository, fileName, instant, timeZone})
}

/** Where a value was refused nothing will be published: the files of what follows are looked at and not read. */
async function addTo(packages: Packages, document: Document | undefined, {context: {findings}}: Writing): Promise<void> {
  if (document !== undefined && findings.errors().length === 0) await packages.add(document)
}

async function endOf(packages: Packages, drafts: Drafts, writing: Writing): Promise<void> {
  await addTo(packages, drafts.end(), writing)
  if (writing.context.findings.errors().length === 0) await packages.close()
}

function unusedOf({name, columns}: Dataset): string[] {
  return unusedDocumentColumns(columns).map((column) => `${name}.${column}`)
}
