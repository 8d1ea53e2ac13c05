// The dataset `bookings`: gross bookings, one row a booking, the same for every format that books with account and contra account.
import type {ColumnDescription} from './types.ts'

/** Every canonical column. A format takes those it has a place for; the others are listed in its result. */
export const BOOKING_COLUMNS = [
  {name: 'booking_id', type: 'text', meaning: "The booking's key in the ledger."},
  {name: 'posted_on', type: 'date', meaning: 'The day on which the ledger counts it; BMD books it into the period of that day.'},
  {name: 'document_kind', type: 'text', meaning: 'What kind of document it stands for, such as AR, ER, GU, KA.'},
  {name: 'amount', type: 'decimal', meaning: 'Gross amount in `currency`, positive.'},
  {name: 'debit_credit', type: 'side', meaning: 'Side of `account`: S (debit) or H (credit).'},
  {name: 'currency', type: 'text', meaning: 'ISO 4217 code of `amount`; empty means the currency of the export.'},
  {name: 'exchange_rate', type: 'decimal', meaning: 'Units of `currency` for one unit of `base_currency`.'},
  {name: 'base_amount', type: 'decimal', meaning: 'The amount in `base_currency`, positive.'},
  {name: 'base_currency', type: 'text', meaning: 'ISO 4217 code of `base_amount`.'},
  {name: 'account', type: 'account', meaning: 'General-ledger or personal account that `debit_credit` speaks of.'},
  {name: 'contra_account', type: 'account', meaning: 'The account on the other side.'},
  {name: 'tax_key', type: 'text', meaning: "The target software's tax key, one to four digits."},
  {name: 'tax_rate', type: 'decimal', meaning: 'Tax rate in per cent.'},
  {name: 'tax_amount', type: 'decimal', meaning: 'The tax contained in `amount`.'},
  {name: 'document_date', type: 'date', meaning: 'Date of the document; it must lie in the period.'},
  {name: 'document_number', type: 'text', meaning: 'Number of the document (the open-item key).'},
  {name: 'document_number_2', type: 'text', meaning: 'A second number, such as that of the open item that a payment settles.'},
  {name: 'document_link', type: 'text', meaning: 'Link to the document in the target software.'},
  {name: 'document_id', type: 'text', meaning: 'The document that the booking rests on, as `documents` has it; several bookings may share one.'},
  {name: 'text', type: 'text', meaning: 'Booking text.'},
  {name: 'discount', type: 'decimal', meaning: 'Cash discount taken; on payments only.'},
  {name: 'discount_account', type: 'account', meaning: 'General-ledger account for the cash discount, where it is not the usual one.'},
  {name: 'cost_center_1', type: 'text', meaning: 'Cost centre.'},
  {name: 'cost_center_2', type: 'text', meaning: 'Second cost centre, or cost object.'},
  {name: 'cost_quantity', type: 'decimal', meaning: 'Quantity for cost accounting.'},
  {name: 'cost_date', type: 'date', meaning: 'Date for cost accounting, where it is not that of the document.'},
  {name: 'vat_id', type: 'text', meaning: 'VAT id with its country, or the country alone, that the supply is taxed at (destination).'},
  {name: 'destination_tax_rate', type: 'decimal', meaning: 'Tax rate of the country of destination, in per cent.'},
  {name: 'origin_vat_id', type: 'text', meaning: 'VAT id with its country, or the country alone, that the supply comes from (one-stop shop).'},
  {name: 'origin_tax_rate', type: 'decimal', meaning: 'Tax rate of the country of origin, in per cent.'},
  {name: 'service_date', type: 'date', meaning: 'Date of supply.'},
  {name: 'tax_period_date', type: 'date', meaning: 'A day of the tax period that the supply belongs to.'},
  {name: 'due_date', type: 'date', meaning: 'Day on which the item falls due.'},
  {name: 'order_number', type: 'text', meaning: 'Number of the order.'},
  {name: 'sepa_mandate', type: 'text', meaning: 'Reference of the SEPA mandate.'},
  {name: 'settlement_reference', type: 'text', meaning: "Reference of a payment provider's settlement."},
  {name: 'reversal', type: 'flag', meaning: 'true where the booking reverses another one (Generalumkehr).'},
  {name: 'record_kind', type: 'integer', meaning: '0 a booking, 1 a share of it for cost accounting, 5 a further document of it; in that row order 0, 5, 1.'},
  {name: 'reverse_charge', type: 'flag', meaning: 'true where the recipient owes the tax: intra-Community acquisition, reverse charge, construction.'},
  {name: 'base_tax_amount', type: 'decimal', meaning: 'The tax in `base_currency`, positive.'},
  {name: 'signed_amount', type: 'decimal', meaning: 'The amount in the currency of the books with its sign, where `document_kind` does not say the sign.'},
  {name: 'signed_tax_amount', type: 'decimal', meaning: 'The tax in the currency of the books with its sign, where `document_kind` does not say the sign.'},
  {name: 'cost_amount', type: 'decimal', meaning: 'Net amount of a share (`record_kind` 1), positive; the shares of a booking add up to its net amount.'},
  {name: 'document_file', type: 'text', meaning: 'Name of the file of the document, with its extension.'},
] as const satisfies readonly ColumnDescription[]

/** A canonical column of `bookings`. */
export type BookingColumn = (typeof BOOKING_COLUMNS)[number]['name']

/** The canonical names alone. */
export const BOOKING_COLUMN_NAMES: readonly BookingColumn[] = BOOKING_COLUMNS.map((column) => column.name)
