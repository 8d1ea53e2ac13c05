// The dataset `journal_lines`: double entry, one row a line, sorted by journal, transaction and line; a transaction balances.
import type {ColumnDescription} from './types.ts'

/** Every canonical column. */
export const JOURNAL_LINE_COLUMNS = [
  {name: 'journal_id', type: 'text', meaning: 'The journal (SAF-T: JournalID).'},
  {name: 'journal_name', type: 'text', meaning: 'What the journal is called.'},
  {name: 'journal_type', type: 'text', meaning: 'Kind of journal, where the authority has a list.'},
  {name: 'transaction_id', type: 'text', meaning: 'The transaction, unique within the export.'},
  {name: 'transaction_date', type: 'date', meaning: 'Date of the document or event.'},
  {name: 'posting_date', type: 'date', meaning: 'Day on which the ledger counts it (GLPostingDate); it must lie in the period.'},
  {name: 'entry_date', type: 'date', meaning: 'Day on which it was entered (SystemEntryDate).'},
  {name: 'entry_time', type: 'time', meaning: 'Local time of entry, HH:MM:SS, where the authority wants an instant.'},
  {name: 'entered_by', type: 'text', meaning: 'Who or what entered it (SourceID).'},
  {name: 'transaction_type', type: 'text', meaning: 'Kind of transaction, where the authority has a list.'},
  {name: 'transaction_text', type: 'text', meaning: 'Description of the transaction.'},
  {name: 'batch_id', type: 'text', meaning: 'Batch that it was entered in.'},
  {name: 'system_id', type: 'text', meaning: 'Number that the ledger gave it.'},
  {name: 'line_id', type: 'text', meaning: 'The line, unique within its transaction; lines ascend.'},
  {name: 'account', type: 'text', meaning: 'General-ledger account.'},
  {name: 'debit', type: 'decimal', meaning: 'Debit in the currency of the books; empty or 0 where the line is a credit.'},
  {name: 'credit', type: 'decimal', meaning: 'Credit in the currency of the books; empty or 0 where the line is a debit.'},
  {name: 'currency', type: 'text', meaning: 'ISO 4217 code of `currency_amount`; empty means the currency of the books.'},
  {name: 'currency_amount', type: 'decimal', meaning: 'The amount in `currency`, positive.'},
  {name: 'exchange_rate', type: 'decimal', meaning: 'Units of the currency of the books for one unit of `currency`.'},
  {name: 'text', type: 'text', meaning: 'Description of the line.'},
  {name: 'customer_id', type: 'text', meaning: 'Customer that the line concerns.'},
  {name: 'supplier_id', type: 'text', meaning: 'Supplier that the line concerns.'},
  {name: 'document_number', type: 'text', meaning: 'Number of the source document.'},
  {name: 'document_date', type: 'date', meaning: 'Date of the source document.'},
  {name: 'reference', type: 'text', meaning: 'A second number, such as that of the payment or of the order.'},
  {name: 'due_date', type: 'date', meaning: 'Day on which the item falls due.'},
  {name: 'value_date', type: 'date', meaning: 'Day of value.'},
  {name: 'tax_code', type: 'text', meaning: 'Tax code, one of `tax_codes`.'},
  {name: 'tax_type', type: 'text', meaning: 'Kind of tax, such as MVA, IVA, TVA.'},
  {name: 'tax_rate', type: 'decimal', meaning: 'Tax rate in per cent.'},
  {name: 'tax_base', type: 'decimal', meaning: 'Amount that the tax is reckoned on, positive.'},
  {name: 'tax_amount', type: 'decimal', meaning: 'The tax, positive.'},
  {name: 'cost_center', type: 'text', meaning: 'Cost centre.'},
  {name: 'project', type: 'text', meaning: 'Project or cost object.'},
] as const satisfies readonly ColumnDescription[]

export type JournalLineColumn = (typeof JOURNAL_LINE_COLUMNS)[number]['name']
