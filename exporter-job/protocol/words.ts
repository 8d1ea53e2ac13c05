// What a protocol is written in: German for what German-speaking accountants and auditors are handed, English for the rest.
import type {ProtocolLanguage, ScheduledExportSpec} from '../../crds/spec.ts'

/** Everything that a protocol says by itself. Codes of rules, names of datasets and of files are the same in every language. */
export interface Words {
  /** Of the HTML page (BCP 47). */
  readonly tag: 'en' | 'de'
  readonly decimalSign: '.' | ','
  /** 2026-10-31 as a reader expects it; anything else as it is. */
  day(iso: string): string
  title(name: string, days: string): string
  days(first: string, last: string): string
  readonly facts: Readonly<Record<Fact, string>>
  run(trigger: string, time: string): string
  readonly controlled: string
  readonly compared: string
  document(number: string | undefined, day: string, row: string): string
  readonly tables: Readonly<Record<'files' | 'datasets' | 'totals' | 'notes' | 'notesByRow', readonly [title: string, ...headings: string[]]>>
  readonly sides: Readonly<Record<'S' | 'H', string>>
  /** A table of amounts, by what its key is called. */
  by(key: string): string
  /** Its headings behind the key. */
  readonly amounts: readonly [currency: string, rows: string, debit: string, credit: string]
  readonly sum: string
  moreLines(count: string): string
  /** What formats call their keys, in this language. */
  word(english: string): string
}

export type Fact = 'format' | 'period' | 'run' | 'exportId' | 'revision' | 'snapshot' | 'rows' | 'compared' | 'first' | 'last' | 'program' | 'source'

const ENGLISH: Words = {
  tag: 'en',
  decimalSign: '.',
  day: (iso) => iso,
  title: (name, days) => `Export protocol: ${name}, ${days}`,
  days: (first, last) => `${first} to ${last}`,
  facts: {
    format: 'Format',
    period: 'Period',
    run: 'Run',
    exportId: 'Export ID',
    revision: 'Revision',
    snapshot: 'State of the data',
    rows: 'Rows written',
    compared: 'Compared with',
    first: 'First document',
    last: 'Last document',
    program: 'Program',
    source: 'SHA-256 of the source',
  },
  run: (trigger, time) => `${trigger}, due ${time}`,
  controlled: "the rows read, and the spec's control query: both agree",
  compared: 'the rows read: they agree',
  document: (number, day, row) => `${number ?? 'without number'} of ${day} (row ${row})`,
  tables: {
    files: ['Files', 'File', 'Rows', 'Bytes', 'SHA-256'],
    datasets: ['Datasets', 'Dataset', 'Rows read', 'Left out'],
    totals: ['Totals', 'Currency', 'Side', 'Rows', 'Sum'],
    notes: ['Notes', 'Rule', 'How often'],
    notesByRow: ['Notes by row', 'Key', 'Place and rule'],
  },
  sides: {S: 'Debit (S)', H: 'Credit (H)'},
  by: (key) => `By ${key.toLowerCase()}`,
  amounts: ['Currency', 'Rows', 'Debit', 'Credit'],
  sum: 'Sum',
  moreLines: (count) => `${count} more lines are left out here.`,
  word: (english) => english,
}

const GERMAN_WORDS: Readonly<Record<string, string>> = {
  Month: 'Monat',
  Account: 'Konto',
  'Tax key': 'Steuerschlüssel',
  'Tax code': 'Steuercode',
  Currency: 'Währung',
  none: 'ohne',
  '(others)': '(übrige)',
  Schedule: 'planmäßig',
  Manual: 'von Hand',
}

const GERMAN: Words = {
  tag: 'de',
  decimalSign: ',',
  day: (iso) => iso.replace(/^(\d{4})-(\d\d)-(\d\d)$/, '$3.$2.$1'),
  title: (name, days) => `Exportprotokoll: ${name}, ${days}`,
  days: (first, last) => `${first} bis ${last}`,
  facts: {
    format: 'Format',
    period: 'Zeitraum',
    run: 'Lauf',
    exportId: 'Export-ID',
    revision: 'Fassung',
    snapshot: 'Stand der Daten',
    rows: 'Geschriebene Zeilen',
    compared: 'Abgestimmt mit',
    first: 'Erster Beleg',
    last: 'Letzter Beleg',
    program: 'Programm',
    source: 'SHA-256 der Quelle',
  },
  run: (trigger, time) => `${trigger}, fällig ${time}`,
  controlled: 'den gelesenen Zeilen und der Kontrollabfrage (spec.control): beides stimmt überein',
  compared: 'den gelesenen Zeilen: sie stimmen überein',
  document: (number, day, row) => `${number ?? 'ohne Nummer'} vom ${day} (Zeile ${row})`,
  tables: {
    files: ['Dateien', 'Datei', 'Zeilen', 'Bytes', 'SHA-256'],
    datasets: ['Datenbestände', 'Datenbestand', 'Gelesene Zeilen', 'Ausgelassen'],
    totals: ['Summen', 'Währung', 'Seite', 'Zeilen', 'Summe'],
    notes: ['Hinweise', 'Regel', 'Anzahl'],
    notesByRow: ['Hinweise je Zeile', 'Kennung', 'Stelle und Regel'],
  },
  sides: {S: 'Soll (S)', H: 'Haben (H)'},
  by: (key) => `Summen je ${key}`,
  amounts: ['Währung', 'Zeilen', 'Soll', 'Haben'],
  sum: 'Summe',
  moreLines: (count) => `Hier nicht gezeigt: ${count} weitere Zeilen.`,
  word: (english) => GERMAN_WORDS[english] ?? english,
}

const LANGUAGES: Readonly<Record<ProtocolLanguage, Words>> = {English: ENGLISH, German: GERMAN}

/** As the spec says, else as readers of the format expect. */
export function wordsFor({protocolLanguage, format: {datev, bmd, gobd}}: Pick<ScheduledExportSpec, 'protocolLanguage' | 'format'>): Words {
  return LANGUAGES[protocolLanguage ?? ((datev ?? bmd ?? gobd) === undefined ? 'English' : 'German')]
}
