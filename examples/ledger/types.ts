// The sample ledger's rows, as the tables of schema.sql have them. Money is whole cents: sums stay exact.

export interface Account {
  readonly number: number
  readonly name: string
}

export interface Partner {
  readonly number: number
  readonly kind: 'customer' | 'supplier'
  readonly name: string
  readonly street: string
  readonly postalCode: string
  readonly city: string
  readonly country: string
  readonly vatId?: string
}

export interface CostCenter {
  readonly code: string
  readonly name: string
}

export interface Booking {
  readonly id: number
  /** ISO day, as every day here. */
  readonly documentDate: string
  readonly serviceDate?: string
  readonly dueDate?: string
  readonly documentNumber: string
  readonly reference?: string
  readonly account: number
  readonly contraAccount: number
  readonly side: 'debit' | 'credit'
  /** In `currency`. */
  readonly cents: number
  readonly currency: string
  /** Millionths of a unit of `currency` for one euro; none for EUR. */
  readonly rate?: number
  readonly euroCents: number
  readonly discountCents?: number
  readonly taxKey?: string
  readonly costCenter?: string
  readonly project?: string
  readonly description: string
  /** The id of the booking that this one takes back. */
  readonly cancels?: number
}

/** One line of the journal: what a booking is in double entry. */
export interface JournalLine {
  readonly bookingId: number
  /** From 1, within the booking. */
  readonly line: number
  readonly journal: 'VK' | 'EK' | 'ZB' | 'SO'
  readonly postingDate: string
  readonly documentNumber: string
  readonly text: string
  readonly account: number
  readonly side: 'debit' | 'credit'
  /** In euro. */
  readonly cents: number
  readonly customer?: number
  readonly supplier?: number
  readonly taxCode?: string
  readonly taxBaseCents?: number
  readonly taxCents?: number
  /** Of the first line of a booking in foreign currency. */
  readonly currency?: string
  readonly currencyCents?: number
  readonly rate?: number
  readonly costCenter?: string
}

/** A booking that has no number yet. */
export type Draft = Omit<Booking, 'id' | 'euroCents' | 'currency'> & {readonly currency?: string}

export interface Ledger {
  readonly accounts: readonly Account[]
  readonly partners: readonly Partner[]
  readonly costCenters: readonly CostCenter[]
  readonly bookings: readonly Booking[]
  readonly journal: readonly JournalLine[]
}
