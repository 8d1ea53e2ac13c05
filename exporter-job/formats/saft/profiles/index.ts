// The profiles by the name that the spec gives them. A new authority is added here, and in crds/formats/saft.ts.
import type {SaftFormat} from '../../../../crds/formats/saft.ts'
import type {Profile} from '../profile.ts'
import {NORWAY} from './norway.ts'

export const PROFILES: Readonly<Partial<Record<SaftFormat['profile'], Profile>>> = {
  'NO-1.30': NORWAY,
}
