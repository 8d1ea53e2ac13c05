// The formats by the name that the spec gives them. An adapter is loaded when it is used.
import type {Format as FormatSpec} from '../../crds/format.ts'
import type {Format} from './types.ts'

/** The format that the spec names; the schema has seen to it that it names exactly one. */
export async function createFormat(spec: FormatSpec): Promise<Format> {
  if (spec.datev !== undefined) {
    const {createDatevFormat} = await import('./datev/format.ts')
    return createDatevFormat(spec.datev)
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
