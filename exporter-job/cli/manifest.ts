// Reads the ScheduledExport of a YAML file, checked as the API server would check it.
import {readFile} from 'node:fs/promises'
import {parseAllDocuments} from 'yaml'
import type {z} from 'zod'
import {KIND} from '../../crds/names.ts'
import type {FrozenExport} from '../../crds/run.ts'
import {ScheduledExport} from '../../crds/scheduledexport.ts'
import {nearestNames} from '../formats/suggest.ts'
import {UsageError} from './arguments.ts'

/** Throws UsageError that names every wrong field and what would be right. */
export async function readManifest(file: string): Promise<FrozenExport> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} cannot be read: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`)
  })
  const object = pick(file, text)
  const result = ScheduledExport.safeParse(object)
  if (!result.success) {
    const problems = result.error.issues.map((issue) => `  ${issue.path.join('.') || '(the manifest)'}: ${problemOf(issue, object)}`)
    throw new UsageError(`${file} is not a valid ScheduledExport:\n${problems.join('\n')}`, {code: 'SpecInvalid'})
  }
  const {metadata, spec} = result.data
  return {name: metadata.name, namespace: metadata.namespace ?? 'default', generation: metadata.generation ?? 0, spec}
}

/** More names than these nobody reads to the end: the 125 columns of DATEV, say. */
const MOST_NAMES = 20

function problemOf(issue: z.core.$ZodIssue, object: unknown): string {
  if (issue.code !== 'invalid_value' || issue.values.length <= MOST_NAMES) return issue.message
  const nearest = nearestNames(String(valueAt(object, issue.path)), issue.values.map(String))
  return `must be one of the ${issue.values.length} names in docs/reference.md${nearest.length === 0 ? '' : ` (nearest: ${nearest.join(', ')})`}`
}

function valueAt(object: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined), object)
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
