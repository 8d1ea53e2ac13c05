// How a field of BMD's bookings file is described: the facts of the format as data. The table (columns.ts) is made of these.
import type {BookingColumn} from '../../datasets/bookings.ts'

/** Kinds of records (satzart) that a field may stand in: 0 the booking, 1 a cost split, 5 a further document. */
export type Records = '0' | '1' | '5' | '01' | '05' | '015'

interface ColumnFacts {
  /** As the heading has it. */
  readonly name: string
  /** On the others it must be empty. */
  readonly records: Records
  /** On these it must be filled. */
  readonly required?: Records
  /** The dataset's canonical column that fills it. */
  readonly from?: BookingColumn
  /** Only BMD 5.5 is known to have it; whether NTCS knows the heading is not. */
  readonly attested?: false
}

/** What the record's kind, the kind of document and the currency decide together with the dataset; see encode.ts. */
export interface SpecialColumn extends ColumnFacts {
  readonly kind: 'record' | 'side' | 'postingDate' | 'amount' | 'tax' | 'share' | 'currency' | 'foreignAmount' | 'foreignTax'
}

/** An account or a whole number without sign: at most that many digits. */
export interface DigitsColumn extends ColumnFacts {
  readonly kind: 'account' | 'integer'
  readonly digits: number
}

/** A number written with all its decimals. */
export interface DecimalColumn extends ColumnFacts {
  readonly kind: 'decimal'
  /** At most that many before the decimal comma. */
  readonly digits: number
  readonly decimals: number
  readonly signed?: true
}

/** A rate: two decimals, or three where the third is not 0. */
export interface PercentColumn extends ColumnFacts {
  readonly kind: 'percent'
  readonly digits: number
  readonly decimals: number
}

/** TT.MM.JJJJ, or JJJJMM for a period. */
export interface DateColumn extends ColumnFacts {
  readonly kind: 'date' | 'period'
}

/** Text of at most `max` characters. */
export interface TextColumn extends ColumnFacts {
  readonly kind: 'text' | 'symbol' | 'documentNumber' | 'iban'
  readonly max: number
}

export type BmdColumn = SpecialColumn | DigitsColumn | DecimalColumn | PercentColumn | DateColumn | TextColumn
