// The sample ledger of every profile, with what its spec must say.
import type {ProfileSample} from './ledger.ts'
import {NORWEGIAN_SAMPLE} from './norway.ts'

export const SAMPLES: readonly ProfileSample[] = [NORWEGIAN_SAMPLE]
