// document.xml: the package's list of documents (DATEV Document_v060). Only what every source agrees on is written; see the format's README.
import {localTime} from '../../../../crds/zone.ts'

/** Where DATEV Belege online files the documents: Kategorie, Ordner, Register. */
export interface Repository {
  readonly category: string
  readonly folder: string
  readonly register: string
}

export interface ListedDocument {
  readonly guid: string
  /** Belegtyp: 1 incoming invoice, 2 outgoing invoice; undefined where the dataset does not say. */
  readonly type: string | undefined
  /** Names in the archive, 1 to 50. */
  readonly files: readonly string[]
}

const NAMESPACE = 'http://xml.datev.de/bedi/tps/document/v06.0'
const GENERATED_BY = 'ScheduledExport'
/** Verarbeitungskennzeichen (processID). */
const TO_INBOX = '1'
const TO_REPOSITORY = '2'

/** What stands before the documents. `instant` is the run's. */
export function listOpening(instant: Date, timeZone: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<archive xmlns="${NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="${NAMESPACE} Document_v060.xsd" version="6.0" generatingSystem="${GENERATED_BY}">
  <header>
    <date>${localText(instant, timeZone)}</date>
  </header>
  <content>
`
}

export const LIST_END = '  </content>\n</archive>\n'

/** One document. GUID, type and names of files need no escapes: names.ts and the rules of rows see to that. */
export function listEntry({guid, type, files}: ListedDocument, repository: Repository | undefined): string {
  const processId = repository === undefined ? TO_INBOX : TO_REPOSITORY
  const lines = [
    `    <document guid="${guid}" processID="${processId}"${type === undefined ? '' : ` type="${type}"`}>`,
    ...files.map((name) => `      <extension xsi:type="File" name="${name}"/>`),
    ...(repository === undefined ? [] : repositoryLines(repository)),
    '    </document>',
  ]
  return `${lines.join('\n')}\n`
}

function repositoryLines({category, folder, register}: Repository): string[] {
  const levels = [category, folder, register].map((name, index) => `        <level id="${index + 1}" name="${attributeText(name)}"/>`)
  return ['      <repository>', ...levels, '      </repository>']
}

const ENTITIES: Readonly<Record<string, string>> = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;'}

function attributeText(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character]!)
}

/** xs:dateTime without a zone, as DATEV's own example has it. */
function localText(instant: Date, timeZone: string): string {
  const {year, month, day, hour, minute, second} = localTime(instant, timeZone)
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
