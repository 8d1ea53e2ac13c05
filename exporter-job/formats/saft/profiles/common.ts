// What the schemas that follow OECD's SAF-T 2.00 have in common.
import {amount, fixed, group, id, list, optional, required, text} from '../elements.ts'
import type {Element} from '../elements.ts'

/** Lengths of the text types: SAFcodeType, SAFshorttextType and so on; FAIA calls them otherwise. */
export const CODE = 9
export const SHORT = 18
export const MIDDLE1 = 35
export const MIDDLE2 = 70
export const LONG = 256

/** Opening and closing balance, each on the side where it is. */
export const BALANCES: readonly Element[] = [
  group('', [amount('OpeningDebitBalance', 'openingDebit')], {flag: 'opensOnDebit'}),
  group('', [amount('OpeningCreditBalance', 'openingCredit')], {flag: 'opensOnCredit'}),
  group('', [amount('ClosingDebitBalance', 'closingDebit')], {flag: 'closesOnDebit'}),
  group('', [amount('ClosingCreditBalance', 'closingCredit')], {flag: 'closesOnCredit'}),
]

/** The contact of a partner. His name is one text: FirstName is NotUsed then, as the schemas say. */
export const PARTNER_CONTACT: Element = group(
  'Contact',
  [
    group('ContactPerson', [fixed('FirstName', 'NotUsed'), required('LastName', 'contact', text(MIDDLE2), 'NotUsed')]),
    optional('Telephone', 'telephone', id(SHORT)),
    optional('Email', 'email', text(MIDDLE2)),
    optional('Website', 'website', text(LONG)),
  ],
  {filled: ['contact', 'telephone', 'email', 'website']},
)

/** The contact of the company. */
export function companyContact(telephone: 'optional' | 'required'): Element {
  return group('Contact', [
    group('ContactPerson', [required('FirstName', 'first_name', text(MIDDLE1)), required('LastName', 'last_name', text(MIDDLE2))]),
    telephone === 'required' ? required('Telephone', 'telephone', id(SHORT)) : optional('Telephone', 'telephone', id(SHORT)),
    optional('Email', 'email', text(MIDDLE2)),
    optional('Website', 'website', text(LONG)),
  ])
}

export const IBAN: Element = required('IBANNumber', 'iban', id(MIDDLE1))

/** How an account is classed, where the company wants to say so. */
export const GROUPING: readonly Element[] = [
  optional('StandardAccountID', 'standard_account', id(MIDDLE1)),
  optional('GroupingCategory', 'grouping_category', id(MIDDLE1)),
  optional('GroupingCode', 'grouping_code', id(MIDDLE1)),
]

/** VAT registration of the company or of a partner. */
export const TAX_REGISTRATION: Element = group('TaxRegistration', [required('TaxRegistrationNumber', ['vat_id', 'vat_number'], id(MIDDLE1))], {
  filled: ['vat_id', 'vat_number'],
})

/** The beginning of a header, up to the company. */
export function headerStart(version: string, country: string): readonly Element[] {
  return [
    fixed('AuditFileVersion', version),
    fixed('AuditFileCountry', country),
    required('AuditFileDateCreated', 'created_on', {kind: 'date'}),
    fixed('SoftwareCompanyName', 'scheduledexport.dev'),
    fixed('SoftwareID', 'Scheduled exports'),
    required('SoftwareVersion', 'software_version', text(SHORT)),
  ]
}

/** Currency and period. */
export const HEADER_SELECTION: readonly Element[] = [
  required('DefaultCurrencyCode', 'currency', {kind: 'currency'}),
  group('SelectionCriteria', [required('SelectionStartDate', 'start', {kind: 'date'}), required('SelectionEndDate', 'end', {kind: 'date'})]),
]

/** The elements of a journal. */
export const JOURNAL: readonly Element[] = [
  required('JournalID', 'journal_id', id(SHORT)),
  required('Description', ['journal_name', 'journal_id'], text(LONG)),
  required('Type', 'journal_type', id(CODE), 'GL'),
]

/** Values of the spec that have to be one of a list. */
export function choice(name: string, from: string, ...values: readonly string[]): Element {
  return required(name, from, list(...values))
}
