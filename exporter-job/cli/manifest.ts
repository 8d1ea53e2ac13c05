// Reads the ScheduledExport of a YAML file, checked as the API server would check it.
import {readFile} from 'node:fs/promises'
import {parseAllDocuments} from 'yaml'
import {KIND} from '../../crds/names.ts'
import type {FrozenExport} from '../../crds/run.ts'
import {ScheduledExport} from '../../crds/scheduledexport.ts'
import {UsageError} from './arguments.ts'

/** Throws UsageError that names every wrong field and what would be right. */
export async function readManifest(file: string): Promise<FrozenExport> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`)
  })
  const result = ScheduledExport.safeParse(pick(file, text))
  if (!result.success) {
    const problems = result.error.issues.map((issue) => `  ${issue.path.join('.') || '(the manifest)'}: ${issue.message}`)
    throw new UsageError(`${file} is not a valid ScheduledExport:\n${problems.join('\n')}`, {code: 'SpecInvalid'})
  }
  const {metadata, spec} = result.data
  return {name: metadata.name, namespace: metadata.namespace ?? 'default', generation: metadata.generation ?? 0, spec}
}

/** The one ScheduledExport among the file's documents; a Secret or a namespace may stand beside it. */
function pick(file: string, text: string): unknown {
  const documents = parseAllDocuments(text)
  if ('empty' in documents) throw new UsageError(`${file} is empty`)
  for (const {errors} of documents) {
    if (errors[0] !== undefined) throw new UsageError(`${file} is not YAML: ${errors[0].message}`)
  }
  const objects = documents.map((document) => resolved(file, document)).filter(isScheduledExport)
  if (objects.length !== 1) throw new UsageError(`${file} has ${objects.length} objects of kind ${KIND}: there must be exactly one`)
  return objects[0]
}

/** Aliases are resolved only here: one may have no anchor, or stand for more than can be meant. */
function resolved(file: string, document: {toJS(): unknown}): unknown {
  try {
    return document.toJS()
  } catch (error) {
    throw new UsageError(`${file} is not YAML: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function isScheduledExport(object: unknown): boolean {
  return typeof object === 'object' && object !== null && 'kind' in object && object.kind === KIND
}
