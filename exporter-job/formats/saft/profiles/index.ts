// The profiles by the name that the spec gives them. A new authority is added here, and in crds/formats/saft.ts.
import type {SaftFormat} from '../../../../crds/formats/saft.ts'
import type {Profile} from '../profile.ts'
import {LUXEMBOURG} from './luxembourg.ts'
import {NORWAY} from './norway.ts'
import {PORTUGAL} from './portugal.ts'
import {ROMANIA} from './romania.ts'

export const PROFILES: Readonly<Record<SaftFormat['profile'], Profile>> = {
  'NO-1.30': NORWAY,
  'RO-2.4.8': ROMANIA,
  'LU-2.01': LUXEMBOURG,
  'PT-1.04_01': PORTUGAL,
}
