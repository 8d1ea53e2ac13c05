// Whether a live object still is what was wanted. Applying and looking whether the version changed would be a write a pass.
import {createHash} from 'node:crypto'
import {GROUP} from '../../crds/names.ts'
import type {KubeObject} from '../kube/types.ts'

/** On everything we apply: the hash of what was applied, so that a field that is no longer wanted is noticed too. */
export const ANNOTATION_APPLIED = `${GROUP}/applied`

/** The desired object with its own hash in an annotation. */
export function stamped<T extends KubeObject>(desired: T): T {
  const hash = createHash('sha256').update(JSON.stringify(desired)).digest('hex').slice(0, 16)
  return {...desired, metadata: {...desired.metadata, annotations: {...desired.metadata?.annotations, [ANNOTATION_APPLIED]: hash}}}
}

/**
 * Whether every field of a stamped object stands in the live one. What others added, and what the API server fills in, does not count;
 * nor do apiVersion and kind, which the items of a list do not have.
 */
export function isApplied(live: KubeObject, desired: KubeObject): boolean {
  const {apiVersion: _version, kind: _kind, ...fields} = desired
  return covers(live, fields, [])
}

function covers(live: unknown, wanted: unknown, path: readonly string[]): boolean {
  if (wanted === undefined || isEmpty(wanted)) return true
  if (Array.isArray(wanted)) {
    return Array.isArray(live) && live.length === wanted.length && wanted.every((one, index) => covers(live[index], one, path))
  }
  if (typeof wanted === 'object' && wanted !== null) {
    if (typeof live !== 'object' || live === null) return false
    const fields = live as Record<string, unknown>
    return Object.entries(wanted).every(([key, value]) => covers(fields[key], value, [...path, key]))
  }
  if (live === wanted) return true
  // The API server rewrites quantities: 0.5 becomes 500m, 1024Mi becomes 1Gi.
  return isQuantity(path) && quantity(live) === quantity(wanted)
}

/** An empty map or list is stored as none. */
function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

function isQuantity(path: readonly string[]): boolean {
  return path.at(-3) === 'resources' && (path.at(-2) === 'requests' || path.at(-2) === 'limits')
}

const SCALE: Readonly<Record<string, number>> = {
  '': 1, n: 1e-9, u: 1e-6, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18,
  Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60,
}

/** A Kubernetes quantity as a number, near enough to compare two ways of writing it; the text itself where it is none. */
function quantity(value: unknown): number | string {
  const text = String(value)
  const match = /^([0-9.]+)(?:e([0-9]+)|([A-Za-z]*))$/i.exec(text)
  const scale = match?.[2] === undefined ? SCALE[match?.[3] ?? ''] : 10 ** Number(match[2])
  return match === null || scale === undefined ? text : Number((Number(match[1]) * scale).toPrecision(12))
}
