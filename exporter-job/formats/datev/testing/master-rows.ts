// Master data for tests: ordinary rows, and what the files must then hold, by column.
import type {Row} from '../../testing/dataset.ts'

interface Example {
  readonly dataset: 'accounts' | 'payment_terms' | 'customers' | 'suppliers'
  readonly row: Row
  /** The values that are not empty, by position. */
  readonly written: Readonly<Record<number, string>>
}

export const MASTER_EXAMPLES: readonly Example[] = [
  {
    dataset: 'accounts',
    row: {account: '8400', name: 'Erlöse 19 % USt', language: 'de-DE', long_name: 'Erlöse aus dem Verkauf von Waren, 19 % Umsatzsteuer'},
    written: {1: '8400', 2: 'Erlöse 19 % USt', 3: 'de-DE', 4: 'Erlöse aus dem Verkauf von Waren, 19 % Umsatzsteuer'},
  },
  {dataset: 'accounts', row: {account: '0420', name: 'Büro "groß"; klein', language: null, long_name: ''}, written: {1: '0420', 2: 'Büro "groß"; klein'}},
  {
    dataset: 'payment_terms',
    row: {id: '10', name: '30 Tage 2,5 %, 60 netto', due_days: '60', discount_days_1: '30', discount_percent_1: '2.5', discount_days_2: null, discount_percent_2: null},
    written: {1: '10', 2: '30 Tage 2,5 %, 60 netto', 3: '1', 4: '250', 5: '30', 8: '60'},
  },
  {
    dataset: 'payment_terms',
    row: {id: '11', name: 'sofort', due_days: '0', discount_days_1: '0', discount_percent_1: '0.05', discount_days_2: '14', discount_percent_2: '12.00'},
    written: {1: '11', 2: 'sofort', 3: '1', 4: '5', 5: '0', 6: '1200', 7: '14', 8: '0'},
  },
  {
    dataset: 'customers',
    row: {
      account: '10001', id: 'K-0815', name: 'Müller & Söhne GmbH', contact: 'Anna Müller', street: 'Hauptstraße 1', postal_code: '01067', city: 'Dresden',
      country: 'DE', telephone: '(0351) 4711', email: 'buchhaltung@example.com', vat_id: 'DE123456789', tax_number: '201/123/40209', iban: 'DE02120300000000202051',
      bic: 'BYLADEM1001', bank_name: 'DKB', payment_terms: '10',
    },
    written: {
      1: '10001', 2: 'Müller & Söhne GmbH', 9: 'DE', 10: '123456789', 16: 'Hauptstraße 1', 18: '01067', 19: 'Dresden', 20: 'DE', 29: '(0351) 4711',
      33: 'buchhaltung@example.com', 42: 'DKB', 45: 'DE02120300000000202051', 47: 'BYLADEM1001', 99: 'K-0815', 100: '201/123/40209', 102: 'Anna Müller', 109: '10',
    },
  },
  {
    dataset: 'suppliers',
    row: {account: '70001', name: 'Ölhandel Wien', vat_id: 'ATU12345678', datev_7_adressattyp: '2', datev_49_kennz_hauptbankverb_1: 't', datev_237_mahngebuehr_1: '5.1', datev_50_bankverb_1_gueltig_von: '2026-01-31'},
    written: {1: '70001', 2: 'Ölhandel Wien', 7: '2', 9: 'AT', 10: 'U12345678', 49: '1', 50: '31012026', 237: '5,10'},
  },
]

export function rowsOf(dataset: Example['dataset']): Row[] {
  return MASTER_EXAMPLES.filter((example) => example.dataset === dataset).map(({row}) => row)
}
