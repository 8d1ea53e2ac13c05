// The datasets `customers` and `suppliers`: business partners, each once.
import type {ColumnDescription} from './types.ts'

/** Every canonical column. */
export const PARTNER_COLUMNS = [
  {name: 'id', type: 'text', meaning: 'Number of the partner, unique in the dataset.'},
  {name: 'name', type: 'text', meaning: 'Name of the company or the person.'},
  {name: 'account', type: 'text', meaning: 'Personal or control account in the ledger.'},
  {name: 'contact', type: 'text', meaning: 'Person to speak to.'},
  {name: 'street', type: 'text', meaning: 'Street.'},
  {name: 'street_number', type: 'text', meaning: 'Number of the building.'},
  {name: 'address_extra', type: 'text', meaning: 'What else the address needs.'},
  {name: 'postal_code', type: 'text', meaning: 'Postal code.'},
  {name: 'city', type: 'text', meaning: 'City.'},
  {name: 'region', type: 'text', meaning: 'Region.'},
  {name: 'country', type: 'text', meaning: 'ISO 3166-1 code of the country.'},
  {name: 'telephone', type: 'text', meaning: 'Telephone.'},
  {name: 'email', type: 'text', meaning: 'E-mail.'},
  {name: 'website', type: 'text', meaning: 'Website.'},
  {name: 'registration_number', type: 'text', meaning: 'Number in the register of companies.'},
  {name: 'tax_number', type: 'text', meaning: 'Number that the tax office gave.'},
  {name: 'vat_id', type: 'text', meaning: 'VAT id with its country.'},
  {name: 'iban', type: 'text', meaning: 'IBAN.'},
  {name: 'bic', type: 'text', meaning: 'BIC.'},
  {name: 'bank_name', type: 'text', meaning: 'Name of the bank.'},
  {name: 'payment_terms', type: 'integer', meaning: 'Key of the terms of payment.'},
  {name: 'opening_debit', type: 'decimal', meaning: 'Balance before the period, where it is a debit.'},
  {name: 'opening_credit', type: 'decimal', meaning: 'Balance before the period, where it is a credit.'},
  {name: 'closing_debit', type: 'decimal', meaning: 'Balance after the period, where it is a debit.'},
  {name: 'closing_credit', type: 'decimal', meaning: 'Balance after the period, where it is a credit.'},
] as const satisfies readonly ColumnDescription[]

export type PartnerColumn = (typeof PARTNER_COLUMNS)[number]['name']
