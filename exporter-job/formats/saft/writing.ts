// What the writers of header, master files and entries share: the profile, the first file, the keys that master files define.
import type {SaftFormat} from '../../../crds/formats/saft.ts'
import type {FormatContext, FormatInput} from '../types.ts'
import type {KeyTable} from '../values/keys.ts'
import type {Element, KeySet} from './elements.ts'
import type {RowOptions} from './encode.ts'
import type {Part, Parts} from './parts.ts'
import type {Profile} from './profile.ts'
import type {RuleContext} from './rules.ts'
import type {Totals} from './totals.ts'

export interface Writing {
  readonly profile: Profile
  readonly spec: SaftFormat
  readonly input: FormatInput
  readonly context: FormatContext
  readonly rules: RuleContext
  readonly rowOptions: Pick<RowOptions, 'text' | 'fiscalYearStart' | 'formulas'>
  readonly keys: Readonly<Record<KeySet, KeyTable>>
  /** What master files say of their entries, for lines that repeat it. */
  readonly said: Record<KeySet, Uint8Array[]>
  readonly totals: Totals
  readonly parts: Parts
  /** The first file: it holds the master files. */
  readonly part: Part
  /** Constants of the program in the profile's encoding. */
  readonly encode: (text: string) => Uint8Array
  /** Writes markup into the first file. */
  readonly write: (markup: string) => Promise<void>
  /** Opens that element of the master files, '' for none, after the one before it was closed; false where it is open already. */
  readonly enter: (name: string) => Promise<boolean>
  /** Writes elements that are filled from the header's values. */
  readonly writeHeader: (elements: readonly Element[]) => Promise<void>
}
