// The sample ledger's rows, as the tables of schema.sql have them. Money is whole cents: sums stay exact.

export interface Account {
  readonly number: number
  readonly name: string
}

export interface Partner {
  readonly number: number
  readonly kind: 'customer' | 'supplier'
  readonly name: string
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

/** A booking that has no number yet. */
export type Draft = Omit<Booking, 'id' | 'euroCents' | 'currency'> & {readonly currency?: string}

export interface Ledger {
  readonly accounts: readonly Account[]
  readonly partners: readonly Partner[]
  readonly costCenters: readonly CostCenter[]
  readonly bookings: readonly Booking[]
}
