// The columns of Kontenbeschriftungen (category 20, format version 3) and Zahlungsbedingungen (category 46, format version 2), one a line.
import type {DatevColumn} from './types.ts'

/** In the order of the file. */
export const KONTENBESCHRIFTUNGEN: readonly DatevColumn[] = [
  {position: 1, name: 'datev_1_konto', heading: 'Konto', kind: 'account', accepts: 'ledger', required: true, from: 'account'},
  {position: 2, name: 'datev_2_kontobeschriftung', heading: 'Kontobeschriftung', kind: 'text', max: 40, quoted: true, required: true, from: 'name'},
  {position: 3, name: 'datev_3_sprachid', heading: 'SprachId', kind: 'choice', values: ['de-DE', 'en-GB'], quoted: true, from: 'language'},
  {position: 4, name: 'datev_4_kontenbeschriftung_lang', heading: 'Kontenbeschriftung lang', kind: 'text', max: 300, quoted: true, from: 'long_name'},
]

/**
 * In the order of the file. Discounts are whole hundredths of a per cent in the file, and per cent in the dataset. Without a Fälligkeitstyp
 * the terms are of type 1, by days, as in DATEV's own sample; columns 9 to 29 say more of other types.
 */
export const ZAHLUNGSBEDINGUNGEN: readonly DatevColumn[] = [
  {position: 1, name: 'datev_1_nummer', heading: 'Nummer', kind: 'number', digits: 4, decimals: 0, zero: 'refused', required: true, from: 'id'},
  {position: 2, name: 'datev_2_bezeichnung', heading: 'Bezeichnung', kind: 'text', max: 60, quoted: true, required: true, from: 'name'},
  {position: 3, name: 'datev_3_faelligkeitstyp', heading: 'Fälligkeitstyp', kind: 'number', digits: 1, decimals: 0, standard: '1', required: true, from: 'due_type'},
  {position: 4, name: 'datev_4_skonto_1', heading: 'Skonto 1%', kind: 'hundredths', digits: 2, decimals: 2, from: 'discount_percent_1'},
  {position: 5, name: 'datev_5_skonto_1_tage', heading: 'Skonto 1 Tage', kind: 'number', digits: 3, decimals: 0, from: 'discount_days_1'},
  {position: 6, name: 'datev_6_skonto_2', heading: 'Skonto 2 %', kind: 'hundredths', digits: 2, decimals: 2, from: 'discount_percent_2'},
  {position: 7, name: 'datev_7_skonto_2_tage', heading: 'Skonto 2 Tage', kind: 'number', digits: 3, decimals: 0, from: 'discount_days_2'},
  {position: 8, name: 'datev_8_faellig_tage', heading: 'Fällig Tage', kind: 'number', digits: 3, decimals: 0, from: 'due_days'},
  {position: 9, name: 'datev_9_rechnung_bis_zeitraum_1', heading: 'Rechnung bis / Zeitraum 1', kind: 'number', digits: 2, decimals: 0, needs: 3},
  {position: 10, name: 'datev_10_skonto1_datum_zeitraum_1', heading: 'Skonto1 Datum / Zeitraum 1', kind: 'number', digits: 2, decimals: 0, needs: 3},
  {position: 11, name: 'datev_11_skonto_1_monat_zeitraum_1', heading: 'Skonto 1 Monat / Zeitraum 1', kind: 'number', digits: 2, decimals: 0, needs: 3},
  {position: 12, name: 'datev_12_skonto_2_datum_zeitraum_1', heading: 'Skonto 2 Datum / Zeitraum 1', kind: 'number', digits: 2, decimals: 0, needs: 3},
  {position: 13, name: 'datev_13_skonto_2_monat_zeitraum_1', heading: 'Skonto 2 Monat / Zeitraum 1', kind: 'number', digits: 2, decimals: 0, needs: 3},
  {position: 14, name: 'datev_14_faellig_datum_zeitraum_1', heading: 'Fällig Datum / Zeitraum 1', kind: 'number', digits: 2, decimals: 0, needs: 3},
  {position: 15, name: 'datev_15_faellig_monat_zeitraum_1', heading: 'Fällig Monat / Zeitraum 1', kind: 'number', digits: 2, decimals: 0, needs: 3},
  {position: 16, name: 'datev_16_rechnung_bis_zeitraum_2', heading: 'Rechnung bis / Zeitraum 2', kind: 'number', digits: 2, decimals: 0, needs: 3},
  {position: 17, name: 'datev_17_skonto1_datum_zeitraum_2', heading: 'Skonto1 Datum / Zeitraum 2', kind: 'number', digits: 2, decimals: 0, needs: 3},
  {position: 18, name: 'datev_18_skonto_1_monat_zeitraum_2', heading: 'Skonto 1 Monat / Zeitraum 2', kind: 'number', digits: 2, decimals: 0, needs: 3},
  {position: 19, name: 'datev_19_skonto_2_datum_zeitraum_2', heading: 'Skonto 2 Datum / Zeitraum 2', kind: 'number', digits: 2, decimals: 0, needs: 3},
  {position: 20, name: 'datev_20_skonto_2_monat_zeitraum_2', heading: 'Skonto 2 Monat / Zeitraum 2', kind: 'number', digits: 2, decimals: 0, needs: 3},
  {position: 21, name: 'datev_21_faellig_datum_zeitraum_2', heading: 'Fällig Datum / Zeitraum 2', kind: 'number', digits: 2, decimals: 0, needs: 3},
  {position: 22, name: 'datev_22_faellig_monat_zeitraum_2', heading: 'Fällig Monat / Zeitraum 2', kind: 'number', digits: 2, decimals: 0, needs: 3},
  {position: 23, name: 'datev_23_rechnung_bis_zeitraum_3', heading: 'Rechnung bis / Zeitraum 3', kind: 'number', digits: 2, decimals: 0, needs: 3},
  {position: 24, name: 'datev_24_skonto1_datum_zeitraum_3', heading: 'Skonto1 Datum / Zeitraum 3', kind: 'number', digits: 2, decimals: 0, needs: 3},
  {position: 25, name: 'datev_25_skonto1_monat_zeitraum_3', heading: 'Skonto1 Monat / Zeitraum 3', kind: 'number', digits: 2, decimals: 0, needs: 3},
  {position: 26, name: 'datev_26_skonto_2_datum_zeitraum_3', heading: 'Skonto 2 Datum / Zeitraum 3', kind: 'number', digits: 2, decimals: 0, needs: 3},
  {position: 27, name: 'datev_27_skonto_2_monat_zeitraum_3', heading: 'Skonto 2 Monat / Zeitraum 3', kind: 'number', digits: 2, decimals: 0, needs: 3},
  {position: 28, name: 'datev_28_faellig_datum_zeitraum_3', heading: 'Fällig Datum / Zeitraum 3', kind: 'number', digits: 2, decimals: 0, needs: 3},
  {position: 29, name: 'datev_29_faellig_monat_zeitraum_3', heading: 'Fällig Monat / Zeitraum 3', kind: 'number', digits: 2, decimals: 0, needs: 3},
  {position: 30, name: 'datev_30_leerfeld', heading: 'Leerfeld', kind: 'reserved', quoted: true},
  {position: 31, name: 'datev_31_verwendung', heading: 'Verwendung', kind: 'number', digits: 1, decimals: 0},
]
