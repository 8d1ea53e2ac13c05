// What an auditor's software is told of each dataset: its name, its key, and the tables that its columns point into.
import type {DatasetName} from '../../../crds/datasets.ts'

/** A column that holds the key of another table. */
export interface Reference {
  readonly column: string
  readonly dataset: DatasetName
  /** The other table's key: it must be its whole primary key. */
  readonly key: string
}

export interface TableFacts {
  /** As auditors call it. */
  readonly name: string
  readonly description: string
  /** Empty where nothing is known to be unique. */
  readonly primaryKey: readonly string[]
  readonly references: readonly Reference[]
}

const PAYMENT_TERMS: Reference = {column: 'payment_terms', dataset: 'payment_terms', key: 'id'}

export const TABLES: Readonly<Record<DatasetName, TableFacts>> = {
  bookings: {
    name: 'Buchungen',
    description: 'Bruttobuchungen: eine Zeile je Buchung, mit Konto und Gegenkonto',
    primaryKey: ['booking_id'],
    references: [],
  },
  journal_lines: {
    name: 'Buchungszeilen',
    description: 'Journal in doppelter Buchführung: eine Zeile je Buchungszeile, jede Buchung ist ausgeglichen',
    primaryKey: ['transaction_id', 'line_id'],
    references: [
      {column: 'account', dataset: 'accounts', key: 'account'},
      {column: 'customer_id', dataset: 'customers', key: 'id'},
      {column: 'supplier_id', dataset: 'suppliers', key: 'id'},
      {column: 'tax_code', dataset: 'tax_codes', key: 'tax_code'},
      {column: 'cost_center', dataset: 'cost_centers', key: 'id'},
      {column: 'project', dataset: 'projects', key: 'id'},
    ],
  },
  accounts: {name: 'Sachkonten', description: 'Sachkonten mit ihren Bezeichnungen', primaryKey: ['account'], references: []},
  customers: {name: 'Debitoren', description: 'Kunden', primaryKey: ['id'], references: [PAYMENT_TERMS]},
  suppliers: {name: 'Kreditoren', description: 'Lieferanten', primaryKey: ['id'], references: [PAYMENT_TERMS]},
  tax_codes: {name: 'Steuerschlüssel', description: 'Steuerschlüssel mit ihren Sätzen', primaryKey: ['tax_code'], references: []},
  cost_centers: {name: 'Kostenstellen', description: 'Kostenstellen mit ihren Bezeichnungen', primaryKey: ['id'], references: []},
  projects: {name: 'Projekte', description: 'Projekte mit ihren Bezeichnungen', primaryKey: ['id'], references: []},
  payment_terms: {name: 'Zahlungsbedingungen', description: 'Zahlungsbedingungen', primaryKey: ['id'], references: []},
  documents: {
    name: 'Belege',
    description: 'Belegdateien zu den Buchungen',
    primaryKey: [],
    references: [{column: 'booking_id', dataset: 'bookings', key: 'booking_id'}],
  },
  rows: {name: 'Daten', description: 'Weitere Daten', primaryKey: [], references: []},
}
