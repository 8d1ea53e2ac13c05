// What a row of `documents` names: a file that is there and may be read, and a name that it may have in a package.
import {PermanentFault} from '../../../errors.ts'
import type {FilePlace, FileState} from '../../../regular-file.ts'
import type {Findings} from '../../findings.ts'
import {createReadWhole, lookAt} from './files.ts'
import {brokenName, lastPart, nameKey} from './names.ts'
import type {DocumentFile} from './packages.ts'
import type {DocumentRow} from './rows.ts'
import {DOCUMENT_RULES} from './rules.ts'
import type {DocumentRule} from './rules.ts'

/** Says what is wrong with a row; gives undefined, so that it can be said and given up in one. */
export type Refuse = (row: DocumentRow, column: 'document_id' | 'path' | 'file_name' | 'type', rule: DocumentRule) => undefined

export function refusing(dataset: string, findings: Findings): Refuse {
  return (row, column, rule) => {
    const key = row.document_id === '' ? {} : {key: {column: 'document_id', value: row.document_id}}
    const value = row[column] === '' ? {} : {value: row[column]}
    findings.error({dataset, row: row.number, ...key, column, rule, right: DOCUMENT_RULES[rule], ...value})
    return undefined
  }
}

export interface FileChecks {
  /** undefined where something is wrong with the file or its name, all of which has been said then. Faults: TransientFault of the volume. */
  check(row: DocumentRow): Promise<DocumentFile | undefined>
}

/** `folder` is the real path of the folder that paths begin in. */
export function createFileChecks(dataset: string, folder: string, refuse: Refuse): FileChecks {
  const readWhole = createReadWhole()
  const takeName = createNames(refuse)
  return {
    async check(row) {
      const place = {mount: folder, path: row.path, what: `dataset ${dataset}`}
      const found = await look(row, place, refuse)
      const name = takeName(row)
      return found === undefined || name === undefined ? undefined : {name, size: found.size, read: () => readWhole(place, found)}
    },
  }
}

/** What is wrong with a path or a file, by the codes of whoever opens it. */
const FILE_RULES = ['PathNotAllowed', 'FileNotFound', 'FileNotReadable'] as const satisfies readonly DocumentRule[]

async function look(row: DocumentRow, place: FilePlace, refuse: Refuse): Promise<FileState | undefined> {
  if (row.path === '') return refuse(row, 'path', 'MissingValue')
  try {
    const found = await lookAt(place)
    return found.size === 0 ? refuse(row, 'path', 'FileEmpty') : found
  } catch (error) {
    const rule = error instanceof PermanentFault ? FILE_RULES.find((code) => code === error.code) : undefined
    if (rule === undefined) throw error
    return refuse(row, 'path', rule)
  }
}

/** Names of a run, each once: which package a file comes into is not for its author to know. */
function createNames(refuse: Refuse): (row: DocumentRow) => string | undefined {
  const taken = new Set<string>()
  return (row) => {
    const name = row.file_name === '' ? lastPart(row.path) : row.file_name
    // Without any name the path has been refused.
    if (name === '') return undefined
    const rule = brokenName(name) ?? (taken.has(nameKey(name)) ? 'DocumentNameTwice' : undefined)
    taken.add(nameKey(name))
    return rule === undefined ? name : refuse(row, row.file_name === '' ? 'path' : 'file_name', rule)
  }
}
