// Paths on volumes, after their placeholders were filled in. A rule on the template alone could be got round, so every path is
// checked here again, by a grammar first and by the file system's own answer (realpath) afterwards.
import type {realpath as nodeRealpath} from 'node:fs/promises'
import {join, sep} from 'node:path'
import {renderTemplate} from '../crds/template.ts'
import type {TemplateValues} from '../crds/template.ts'
import {PermanentFault} from './errors.ts'

/** Folder at the root of a destination volume that holds what is not published yet; no path of a spec may name it. */
export const STAGING_FOLDER = '.scheduled-export'

const MAX_SEGMENT_BYTES = 255
const MAX_PATH_BYTES = 1024
/** Characters that a Windows share refuses, and those that a shell or a log would misread. */
const FORBIDDEN = /[\x00-\x1f\x7f-\x9f\\:*?"<>|\u2028\u2029]/

/** A text of the spec with its placeholders filled in; `field` says whose it is. @throws PermanentFault PathNotAllowed */
export function rendered(text: string, field: string, values: TemplateValues): string {
  try {
    return renderTemplate(text, values)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new PermanentFault('PathNotAllowed', `${field}: ${error.message}`, {cause: error})
  }
}

/**
 * The folders and the name of a relative path. Empty segments are left out: "a//b/" is "a/b".
 * @param what what the path is of, for the message: "spec.destination.volume.path"
 * @throws PermanentFault PathNotAllowed
 */
export function pathSegments(path: string, what: string): readonly string[] {
  if (path.startsWith('/')) throw notAllowed(what, path, 'is absolute: leave the leading "/" out')
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) throw notAllowed(what, path, `is longer than ${MAX_PATH_BYTES} bytes`)
  const segments = path.split('/').filter((segment) => segment !== '')
  for (const segment of segments) {
    const problem = problemOf(segment)
    if (problem !== undefined) throw notAllowed(what, path, problem)
  }
  return segments
}

function problemOf(segment: string): string | undefined {
  if (segment === '.' || segment === '..') return 'must stay inside the volume: no "." and no ".."'
  if (segment.toLowerCase() === STAGING_FOLDER) return `uses "${STAGING_FOLDER}", which holds unpublished files`
  if (!segment.isWellFormed() || FORBIDDEN.test(segment)) return 'has a control character or one of \\ : * ? " < > |'
  if (segment !== segment.trim()) return 'has a folder or file name that begins or ends with a space'
  if (Buffer.byteLength(segment) > MAX_SEGMENT_BYTES) return `has a folder or file name of more than ${MAX_SEGMENT_BYTES} bytes`
  return undefined
}

function notAllowed(what: string, path: string, problem: string): PermanentFault {
  return new PermanentFault('PathNotAllowed', `${what}: ${JSON.stringify(path.slice(0, 200))} ${problem}`)
}

interface Below {
  /** Already resolved by realpath. */
  readonly root: string
  readonly segments: readonly string[]
  /** What the path is of, for the message. */
  readonly what: string
}

/**
 * The real path of a file or folder below a root, symbolic links resolved.
 * @throws PermanentFault PathNotAllowed when it leads out of the root; the file system's own error (ENOENT …) as it is
 */
export async function realpathInside(realpath: typeof nodeRealpath, {root, segments, what}: Below): Promise<string> {
  const real = await realpath(join(root, ...segments))
  if (real !== root && !real.startsWith(root.endsWith(sep) ? root : root + sep)) {
    throw notAllowed(what, segments.join('/'), 'leads out of the volume by a symbolic link')
  }
  return real
}
