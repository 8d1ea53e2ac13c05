// What the API server refuses: mistakes by field, with what the answer must say would be right. Each answer must name the field.
import {FORMAT_NAMES} from '../../../crds/format.ts'
import {SOURCE_NAMES} from '../../../crds/source.ts'
import {fromCsv, fromPostgres, type Changes, type Manifest} from './manifests.ts'

/** A pair where create and apply word it differently: the server's own words, before our rules are asked. */
type Remedy = string | readonly [create: string, apply: string]

export interface Refusal {
  readonly title: string
  readonly manifest: (name: string) => Manifest
  /** The field's path as in the manifest. */
  readonly field: string
  readonly remedy: Remedy
}

const KEY = 'spec.source.postgres.urlSecretRef'
const QUERY = 'spec.source.postgres.datasets.bookings.query'
const CSV = 'spec.source.csv'
const DATEV = 'spec.format.datev'
const VOLUME = 'spec.destination.volume'

const UNKNOWN: Remedy = ['unknown field', 'field not declared in schema']
const TEXT: Remedy = ['must be of type string', 'expected string']
const WHOLE_NUMBER: Remedy = ['must be of type integer', 'expected numeric']
const OBJECT_NAME = 'must be the name of an object in this namespace'
const ONE_FORMAT = `set exactly one of ${FORMAT_NAMES.join(', ')}`
const ONE_SOURCE = `set exactly one of ${SOURCE_NAMES.join(', ')}`
const POSTGRES = 'spec.source.postgres'

/** Mistakes in one field: title → wrong value, undefined for leaving it out. */
function wrong(field: string, remedy: Remedy, values: Changes): Refusal[] {
  const base = field.startsWith(CSV) ? fromCsv : fromPostgres
  return Object.entries(values).map(([title, value]) => ({title, manifest: (name) => base(name, {[field]: value}), field, remedy}))
}

/** As {@link wrong}, where the server finds fault with a field above or below the one that is set. */
function wrongAt(field: string, remedy: Remedy, values: Readonly<Record<string, Changes>>): Refusal[] {
  return Object.entries(values).map(([title, changes]) => ({title, manifest: (name) => fromPostgres(name, changes), field, remedy}))
}

const OF_THE_RESOURCE = [
  ...wrong('specification', UNKNOWN, {'an unknown field at the root': {}}),
  ...wrong('spec.retries', UNKNOWN, {'an unknown field of the spec': 3}),
  ...wrong(`${KEY}.namespace`, UNKNOWN, {"another namespace's Secret": 'other'}),
  ...wrong('spec', 'Required value', {'no spec': undefined}),
  ...wrong('metadata.name', 'must have at most 46 characters', {'a name of 47 characters': 'a'.repeat(47)}),
]

const OF_THE_SCHEDULE = [
  ...wrong('spec.schedule', 'Required value', {'no schedule': undefined}),
  ...wrong('spec.schedule', 'may not be more than 100', {'a schedule of 101 characters': `0 6 ${'1,'.repeat(47)}1 *`}),
  ...wrong('spec.schedule', 'must be five fields separated by spaces: minute (0-59), hour (0-23)', {
    'an empty schedule': '',
    'minute 60': '60 * * * *',
    'hour 24': '0 24 * * *',
    'day of the month 0': '0 0 0 * *',
    'month 13': '0 0 1 13 *',
    'day of the week 7': '0 0 * * 7',
    'the last day (L)': '0 0 L * *',
    'the nearest weekday (W)': '0 0 1W * *',
    'the first Monday (#)': '0 0 * * MON#1',
    'a hashed minute (H)': 'H 6 1 * *',
    'four fields': '0 6 1 *',
    'six fields': '0 0 6 1 * *',
    'a range backwards': '10-5 * * * *',
    'names backwards': '0 0 * * FRI-MON',
    'a step of nothing': '*/0 * * * *',
    '@every': '@every 1h',
    '@reboot': '@reboot',
    'a macro in upper case': '@Monthly',
    'a time zone in the schedule': 'TZ=UTC 0 6 1 * *',
    'a line break in the schedule': '0 6\n1 * *',
  }),
  ...wrong('spec.timeZone', 'must be an IANA time zone such as Europe/Berlin or UTC', {
    'a time zone that is not known': 'Europe/Atlantis',
    'a time zone in lower case': 'europe/berlin',
    "the server's own time zone": 'Local',
    'an offset for a time zone': '+02:00',
    'a path for a time zone': '../../etc/passwd',
  }),
  ...wrong('spec.suspend', ['must be of type boolean', 'expected boolean'], {'suspended by a word': 'yes'}),
]

const OF_THE_PERIOD = [
  ...wrong('spec.period', 'Required value', {'no period': undefined}),
  ...wrong('spec.period.range', 'supported values: "PreviousDay"', {'a period that is not known': 'LastMonth'}),
  ...wrong('spec.period.lagDays', 'should be greater than or equal to 0', {'a negative lag': -1}),
  ...wrong('spec.period.lagDays', 'should be less than or equal to 366', {'a lag of more than a year': 367}),
  ...wrong('spec.period', 'lagDays may be at most 31 for a range to date', {'a lag of 32 days to date': {range: 'MonthToDate', lagDays: 32}}),
]

const OF_THE_SOURCE = [
  ...wrong('spec.source', 'Required value', {'no source': undefined}),
  ...wrong('spec.source', ONE_SOURCE, {'a source that is none': {}}),
  ...wrongAt('spec.source', ONE_SOURCE, {'two sources': {[CSV]: {claimName: 'inbox', datasets: {bookings: {path: 'a.csv'}}}}}),
  ...wrong(`${KEY}.name`, OBJECT_NAME, {"a Secret's name in upper case": 'Ledger', "a Secret's name with a namespace": 'other/ledger'}),
  ...wrong(`${KEY}.key`, 'Required value', {'a Secret without a key': undefined}),
  ...wrong(`${KEY}.key`, 'must be a key of the Secret', {'an empty key of the Secret': '', 'a key of the Secret with a slash': '../token'}),
  ...wrong(QUERY, 'Required value', {'no query': undefined}),
  ...wrong(QUERY, 'must be a SELECT statement, not blank', {'an empty query': '', 'a blank query': ' \n\t '}),
  ...wrong(QUERY, 'no control characters but line breaks and tabs', {'a control character in the query': 'SELECT 1\u0000'}),
  ...wrong(QUERY, 'may not be more than 16384', {'a spec that is too large': `SELECT '${'x'.repeat(16_384)}'`}),
  ...wrong(QUERY, TEXT, {'a query that is a number': 1}),
  ...wrong('spec.source.postgres.datasets', 'name at least one dataset', {'no dataset at all': {}}),
  ...wrong('spec.source.postgres.datasets.invoices', UNKNOWN, {'a dataset that is not known': {query: 'SELECT 1'}}),
  ...wrong(`${POSTGRES}.tls`, 'caSecretRef needs the mode VerifyFull or VerifyCA', {
    'a CA that nobody asks': {mode: 'Require', caSecretRef: {name: 'ca', key: 'ca.crt'}},
  }),
  ...wrong(`${POSTGRES}.tls.mode`, 'supported values: "VerifyFull"', {'a mode of TLS that is not known': 'prefer'}),
  ...wrong(`${POSTGRES}.lockTimeout`, 'must be a duration of whole hours, minutes and seconds from 1s to 1h', {'no time for a lock': '0s', 'a lock for a day': '24h'}),
  ...wrong(`${POSTGRES}.parameters`, ['Duplicate value', 'duplicate entries for key'], {
    'a parameter that is named twice': ['1', '2'].map((value) => ({name: 'a', value})),
  }),
  ...wrongAt(`${POSTGRES}.parameters[0].name`, 'must be letters, digits and "_", and not begin with "period"', {
    'a parameter of the period': {[`${POSTGRES}.parameters`]: [{name: 'periodStart', value: '2026-10-01'}]},
    'a parameter with a blank': {[`${POSTGRES}.parameters`]: [{name: 'a b', value: '1'}]},
  }),
  ...wrongAt(`${POSTGRES}.parameters[0].type`, 'supported values: "text"', {
    'a type of parameters that is not known': {[`${POSTGRES}.parameters`]: [{name: 'a', type: 'float', value: '1'}]},
  }),
  ...wrong(`${CSV}.delimiter`, 'supported values: ",", ";"', {'a CSV delimiter that is not known': 'x'}),
  ...wrong(`${CSV}.claimName`, OBJECT_NAME, {'a claim with a slash': 'a/b'}),
  ...wrong(`${CSV}.datasets.bookings.path`, 'should be at least 1 chars long', {'an empty CSV path': ''}),
]

const OF_THE_FORMAT = [
  ...wrongAt('spec', 'format.datev with the file Buchungsstapel needs the dataset bookings', {
    'a source without what the format needs': {[QUERY]: undefined, 'spec.source.postgres.datasets': {accounts: {query: 'SELECT 1'}}},
  }),
  ...wrongAt('spec', 'format.datev with documents needs the dataset documents', {
    'documents without their dataset': {[`${DATEV}.documents`]: {claimName: 'invoices'}},
  }),
  ...wrongAt('spec', 'format.datev.documents must say on which volume', {
    'a dataset of documents that nobody takes along': {'spec.source.postgres.datasets.documents': {query: 'SELECT 1'}},
  }),
  ...wrongAt(DATEV, 'documents need Buchungsstapel among files', {
    'documents without bookings': {
      [`${DATEV}.files`]: ['Kontenbeschriftungen'],
      [`${DATEV}.documents`]: {claimName: 'invoices'},
      'spec.source.postgres.datasets.accounts': {query: 'SELECT 1'},
      'spec.source.postgres.datasets.documents': {query: 'SELECT 1'},
    },
  }),
  ...wrongAt(`${DATEV}.documents.path`, 'must stay inside the volume: no ".." and no backslash', {
    'documents beside their volume': {
      [`${DATEV}.documents`]: {claimName: 'invoices', path: '../other'},
      'spec.source.postgres.datasets.documents': {query: 'SELECT 1'},
    },
  }),
  ...wrong('spec.format', 'Required value', {'no format': undefined}),
  ...wrong('spec.format', ONE_FORMAT, {
    'a format that is none': {},
    'two formats': {csv: {}, ndjson: {}},
  }),
  ...wrongAt('spec.format.csv', 'trueText, falseText and nullText must differ', {
    'one word for true and false': {'spec.format': {csv: {trueText: 'x', falseText: 'x'}}},
  }),
  ...wrongAt('spec.format.csv.nullText', 'must begin with a letter', {
    'a word for NULL that is a number': {'spec.format': {csv: {nullText: '0'}}},
  }),
  ...wrongAt('spec.format.csv.datasets[0].fileName', 'must be a file name without its ending', {
    'a file name with a folder': {'spec.format': {csv: {datasets: [{dataset: 'bookings', fileName: 'a/b'}]}}},
    'a file name with an unknown placeholder': {'spec.format': {csv: {datasets: [{dataset: 'bookings', fileName: '{{ namespace }}'}]}}},
  }),
  ...wrongAt('spec.format.ndjson.datasets', ['Duplicate value', 'duplicate entries for key'], {
    'a dataset that is named twice': {'spec.format': {ndjson: {datasets: [{dataset: 'bookings'}, {dataset: 'bookings'}]}}},
  }),
  ...wrongAt('spec.format.gobd.dtd', 'must be a relative path', {
    'a DTD from elsewhere': {'spec.format': {gobd: {supplier: {name: 'x', location: 'y'}, dtd: 'https://example.com/x.dtd'}}},
  }),
  ...wrongAt('spec', 'format.gobd needs the dataset journal_lines or bookings or rows', {
    'a data carrier without postings': {'spec.format': {gobd: {supplier: {name: 'x', location: 'y'}}}, [QUERY]: undefined, 'spec.source.postgres.datasets': {accounts: {query: 'SELECT 1'}}},
  }),
  ...wrong(`${DATEV}.consultant`, 'should be greater than or equal to 1001', {'a consultant below 1001': 1000}),
  ...wrong(`${DATEV}.client`, 'Required value', {'no client': undefined}),
  ...wrong(`${DATEV}.client`, 'should be less than or equal to 99999', {'a client of six digits': 100_000}),
  ...wrong(`${DATEV}.client`, WHOLE_NUMBER, {'a client that is text': '456'}),
  ...wrong(`${DATEV}.fiscalYearStart`, 'must be a month and a day that every year has, as MM-DD', {
    'a fiscal year from a day that few years have': '02-29',
    'a fiscal year from month 13': '13-01',
    'a fiscal year from 31 April': '04-31',
    'a fiscal year with dots': '1.1.2',
  }),
  ...wrongAt(`${DATEV}.fiscalYears[0]`, 'must end after it begins', {
    'a fiscal year that ends before it begins': {[`${DATEV}.fiscalYears`]: [{start: '2026-12-31', end: '2026-01-01'}]},
  }),
  ...wrong(`${DATEV}.fiscalYears`, 'must not overlap', {
    'fiscal years that overlap': ['2026-06-30', '2026-12-31'].map((end) => ({start: '2026-01-01', end})),
  }),
  ...wrongAt(`${DATEV}.automaticAccounts[0]`, 'must begin with its lower end', {
    'a range of accounts that runs backwards': {[`${DATEV}.automaticAccounts`]: ['4499-4000']},
  }),
  ...wrong(`${DATEV}.accountLength`, 'should be less than or equal to 8', {'accounts of nine digits': 9}),
  ...wrong(`${DATEV}.files`, 'should have at least 1 items', {'no file': []}),
  ...wrong(`${DATEV}.files`, 'supported values: "Buchungsstapel"', {'a file that is not known': ['Stammdaten']}),
  ...wrong(`${DATEV}.currency`, 'must be an ISO 4217 code such as EUR', {'a currency in lower case': 'eur', 'a currency that there is not': 'ABC'}),
  ...wrong(`${DATEV}.description`, 'must be letters without umlauts', {'an umlaut in the description': 'Übung'}),
  ...wrong(`${DATEV}.description`, 'may not be more than 30', {'a description of 31 characters': 'a'.repeat(31)}),
  ...wrong(`${DATEV}.chartOfAccounts`, 'must be two digits such as 03 or 04', {'a chart of accounts of letters': 'SK'}),
  ...wrongAt(`${DATEV}.columns[0].to`, 'supported values: "datev_1_umsatz_ohne_soll_haben_kz"', {
    'a column that DATEV does not have': {[`${DATEV}.columns`]: [{to: 'datev_126_nichts', from: 'nothing'}]},
  }),
  ...wrongAt(`${DATEV}.columns[0].from`, 'should be at least 1 chars long', {
    'a column from nothing': {[`${DATEV}.columns`]: [{to: 'datev_4_kurs', from: ''}]},
  }),
  ...wrong(`${DATEV}.columns`, ['Duplicate value', 'duplicate entries for key'], {
    'a column that is filled twice': ['rate', 'kurs'].map((from) => ({to: 'datev_4_kurs', from})),
  }),
]

const OF_THE_DESTINATION = [
  ...wrong('spec.destination', 'Required value', {'no destination': undefined}),
  ...wrong('spec.destination', 'set volume, the only one there is', {'a destination that is none': {}}),
  ...wrong(`${VOLUME}.claimName`, 'Required value', {'no claim': undefined}),
  ...wrong(`${VOLUME}.path`, 'must be relative to the volume: leave the leading "/" out', {'an absolute path': '/etc'}),
  ...wrong(`${VOLUME}.path`, 'must stay inside the volume: no ".." and no backslash', {
    'a path of dots': '..',
    'a path to the folder beside': '../other',
    'a path out of the volume in the middle': 'a/../../b',
    'a path with a backslash': String.raw`a\b`,
  }),
  ...wrong(`${VOLUME}.path`, 'must be one line without control characters', {'a line break in a path': 'a\nb'}),
  ...wrong(`${VOLUME}.path`, 'may not be more than 512', {'a path of 513 characters': 'a'.repeat(513)}),
  ...wrong(`${VOLUME}.path`, 'may hold the placeholders {{ period.start }}', {
    'a placeholder that is not known': '{{ period.middle }}',
    'a placeholder that is not closed': '{{ period.start',
    'a placeholder that was not opened': 'period.start }}',
    'an hour in a day': "{{ period.start | date: '%H' }}",
    'a filter that is not known': '{{ period.start | upcase }}',
    'a name as a date': "{{ name | date: '%Y' }}",
    'the environment in a placeholder': '{{ env.HOME }}',
  }),
]

const OF_THE_RUN = [
  ...wrong('spec.onExisting', 'supported values: "Fail", "NewRevision"', {'a policy that would overwrite': 'Overwrite'}),
  ...wrong('spec.onEmpty', 'supported values: "NoFile", "File", "Fail"', {'a policy for nothing that is not known': 'Ignore'}),
  ...wrong('spec.maxErrors', 'should be greater than or equal to 1', {'no error at all': 0}),
  ...wrong('spec.spreadsheetFormulas', 'supported values: "Report", "Refuse", "Prefix"', {'formulas ignored': 'Ignore'}),
  ...wrong('spec.control.query', 'must be a SELECT statement, not blank', {'a blank control query': ' '}),
  {title: 'a control query of a CSV source', manifest: (name: string) => fromCsv(name, {'spec.control': {query: 'SELECT 1'}}), field: 'spec', remedy: 'control needs a source that speaks SQL'},
  ...wrong('spec.retry.attempts', 'should be greater than or equal to 1', {'no attempt': 0, 'negative attempts': -1}),
  ...wrong('spec.retry.attempts', 'should be less than or equal to 10', {'eleven attempts': 11}),
  ...wrong('spec.retry.attempts', 'must be of type integer', {'one and a half attempts': 1.5}),
  ...wrong('spec.retry.backoff.initial', 'must be a duration of whole hours, minutes and seconds from 1s to 1h', {
    'a wait without a unit': '90',
    'a wait of one and a half hours': '1.5h',
    'a negative wait': '-5m',
    'a wait in days': '1d',
    'a wait with a space': '1h 30m',
    'a wait of nothing': '0s',
    'a wait of two hours': '2h',
  }),
  ...wrong('spec.activeDeadline', 'must be a duration of whole hours, minutes and seconds from 2m to 168h', {'a deadline of one minute': '1m'}),
  ...wrong('spec.activeDeadline', TEXT, {'a deadline that is a number': 3600}),
  ...wrong('spec.historyLimit', 'should be less than or equal to 50', {'a history of 51 runs': 51}),
  ...wrong('spec.historyLimit', 'should be greater than or equal to 1', {'no history at all': 0}),
]

export const REFUSALS: readonly Refusal[] = [
  ...OF_THE_RESOURCE,
  ...OF_THE_SCHEDULE,
  ...OF_THE_PERIOD,
  ...OF_THE_SOURCE,
  ...OF_THE_FORMAT,
  ...OF_THE_DESTINATION,
  ...OF_THE_RUN,
]
