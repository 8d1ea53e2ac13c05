// Bookings with their links: a booking names its document in document_id, and gets a further column with what DATEV wants in Beleglink.
// The rows are copied once more than without documents; the encoder's loop knows nothing of it.
import type {DatevFormat} from '../../../../crds/formats/datev.ts'
import {PermanentFault} from '../../../errors.ts'
import type {Dataset, DatasetColumn} from '../../../sources/types.ts'
import {fieldText, wholeRows} from '../../copy-rows.ts'
import type {Findings} from '../../findings.ts'
import type {Cursor} from '../../values/cursor.ts'
import {WRONG_SHAPE, isEmptyField, splitRow} from '../../values/rows.ts'
import {BUCHUNGSSTAPEL} from '../columns.ts'
import {brokenShapeFault} from '../faults.ts'
import {encodeMagnitude} from '../number-values.ts'
import type {Field} from '../plan.ts'
import {datevName} from '../resolve.ts'
import {linkTo} from './guid.ts'
import type {GuidOf} from './guid.ts'
import type {Register} from './register.ts'
import {DOCUMENT_RULES} from './rules.ts'

/** By which bookings are linked to the documents of a run. */
export interface Links {
  /** The columns of bookings, the link behind them. @throws PermanentFault MissingColumn, DuplicateColumn, ColumnTypeRefused */
  columns(dataset: Dataset, spec: DatevFormat): readonly DatasetColumn[]
  /** The rows, each with its link. Faults: PermanentFault InvalidRow; what is wrong with a value goes to the findings. */
  rows(dataset: Dataset, options: LinkingOptions): AsyncIterable<Uint8Array>
}

export interface LinkingOptions {
  readonly findings: Findings
  /** The amount, where rows of 0,00 are left out: they link nothing. */
  readonly skipsZero: Field | undefined
}

/** What there is to link to. */
interface Targets {
  readonly register: Register
  readonly guidOf: GuidOf
}

export function createLinks(targets: Targets): Links {
  return {columns: linkedColumns, rows: (dataset, options) => linkedRows(dataset, {...targets, ...options})}
}

const ID = 'document_id'
const LINK = 'document_link'
const BELEGLINK = BUCHUNGSSTAPEL.find(({from}) => from === LINK)!

function linkedColumns({name: dataset, columns}: Dataset, spec: DatevFormat): readonly DatasetColumn[] {
  const id = columns.find(({name}) => name === ID)
  const place = datevName(BELEGLINK)
  if (id === undefined) throw new PermanentFault('MissingColumn', `${dataset} lacks ${ID} (${place}), in which a booking names its document: add it to the query`)
  if (id.type === 'float') {
    throw new PermanentFault('ColumnTypeRefused', `${dataset}, column ${ID} (${place}) has type float: a binary floating-point number is not exact; cast it to text in the query`)
  }
  const fills = [LINK, BELEGLINK.name, ...spec.columns.filter(({to}) => to === BELEGLINK.name).map(({from}) => from)]
  const other = columns.find(({name}) => fills.includes(name))
  if (other !== undefined) throw new PermanentFault('DuplicateColumn', `${dataset} has columns ${other.name} and ${ID}, which both fill DATEV's ${place}: leave one out`)
  return [...columns, {name: LINK, type: 'text'}]
}

/** The longest that a row grows by: a tab and the link. */
const LINK_BYTES = 1 + linkTo('0'.repeat(36)).length
const BUFFER_BYTES = 256 * 1024
const LINE_FEED = 0x0a

async function* linkedRows(dataset: Dataset, options: Targets & LinkingOptions): AsyncGenerator<Uint8Array, void, undefined> {
  const starts = new Int32Array(dataset.columns.length + 1)
  const linkOf = createLinking(dataset, starts, options)
  let out = Buffer.allocUnsafeSlow(BUFFER_BYTES)
  let at = 0
  let row = 0
  for await (const rows of wholeRows(dataset.chunks)) {
    for (let position = 0; position < rows.length; ) {
      const next = splitRow(rows, position, starts)
      if (next === WRONG_SHAPE) throw brokenShapeFault(dataset.name, row + 1, dataset.columns.length)
      const most = next - position + LINK_BYTES
      if (at + most > out.length) {
        if (at > 0) yield out.subarray(0, at)
        at = 0
        if (most > out.length) out = Buffer.allocUnsafeSlow(most)
      }
      out.set(rows.subarray(position, next - 1), at)
      at += next - 1 - position
      at += out.write(`\t${linkOf(rows, ++row)}`, at, 'latin1')
      out[at++] = LINE_FEED
      position = next
    }
  }
  if (at > 0) yield out.subarray(0, at)
}

/** Gives the link of the row that `starts` describes, NULL where it has no document. */
function createLinking(dataset: Dataset, starts: Int32Array, options: Targets & LinkingOptions): (rows: Uint8Array, row: number) => string {
  const {register, guidOf, findings, skipsZero} = options
  const id = dataset.columns.findIndex(({name}) => name === ID)
  const key = dataset.columns.findIndex(({name}) => name === 'booking_id')
  const isZero = skipsZero === undefined ? () => false : zeroTest(skipsZero, starts)
  const textAt = (rows: Uint8Array, column: number): string | undefined => fieldText(rows.subarray(starts[column], starts[column + 1]! - 1))

  function missing(rows: Uint8Array, row: number, value: string): void {
    const keyText = key < 0 ? undefined : textAt(rows, key)
    findings.error({
      dataset: dataset.name,
      row,
      ...(keyText !== undefined && {key: {column: 'booking_id', value: keyText}}),
      column: `${ID} (${datevName(BELEGLINK)})`,
      rule: 'DocumentMissing',
      right: DOCUMENT_RULES.DocumentMissing,
      value,
    })
  }

  return (rows, row) => {
    if (isEmptyField(rows, starts[id]!, starts[id + 1]! - 1) || isZero(rows)) return String.raw`\N`
    const value = textAt(rows, id)!
    const guid = guidOf(value)
    if (register.link(guid)) return linkTo(guid)
    missing(rows, row, value)
    return String.raw`\N`
  }
}

/** Whether the encoder will leave the row out: asked in its own words, so that both agree. */
function zeroTest(amount: Field, starts: Int32Array): (rows: Uint8Array) => boolean {
  const scrap = new Uint8Array(amount.max + amount.decimals + 4)
  const cursor: Cursor = {source: scrap, from: 0, to: 0, out: scrap, at: 0, number: 0}
  return (rows) => {
    cursor.source = rows
    cursor.from = starts[amount.source]!
    cursor.to = starts[amount.source + 1]! - 1
    cursor.at = 0
    return !isEmptyField(rows, cursor.from, cursor.to) && encodeMagnitude(cursor, amount) === 'AmountIsZero'
  }
}
