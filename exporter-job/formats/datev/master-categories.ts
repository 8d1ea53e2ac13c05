// The categories of master data. Loaded when the spec asks for one of them: their tables have 289 columns.
import {ACCOUNT_COLUMNS} from '../../datasets/accounts.ts'
import {PARTNER_COLUMNS} from '../../datasets/partners.ts'
import {PAYMENT_TERM_COLUMNS} from '../../datasets/payment-terms.ts'
import type {Category} from './categories.ts'
import {KONTENBESCHRIFTUNGEN, ZAHLUNGSBEDINGUNGEN} from './columns-master.ts'
import {DEBITOREN_KREDITOREN} from './columns-partners.ts'

/** Master data, in the order in which DATEV wants it imported: what others refer to comes first. */
export const MASTER_DATA: readonly Category[] = [
  {
    file: 'Kontenbeschriftungen',
    number: 20,
    title: 'Kontenbeschriftungen',
    version: 3,
    columns: KONTENBESCHRIFTUNGEN,
    datasets: ['accounts'],
    mayRepeat: true,
    canonical: ACCOUNT_COLUMNS.map(({name}) => name),
    key: 'account',
  },
  {
    file: 'Zahlungsbedingungen',
    number: 46,
    title: 'Zahlungsbedingungen',
    version: 2,
    columns: ZAHLUNGSBEDINGUNGEN,
    datasets: ['payment_terms'],
    canonical: PAYMENT_TERM_COLUMNS.map(({name}) => name),
    key: 'id',
  },
  {
    file: 'DebitorenKreditoren',
    number: 16,
    title: 'Debitoren/Kreditoren',
    version: 5,
    columns: DEBITOREN_KREDITOREN,
    datasets: ['customers', 'suppliers'],
    canonical: PARTNER_COLUMNS.map(({name}) => name),
    key: 'account',
  },
]
