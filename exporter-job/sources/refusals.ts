// What a source cannot read of its rows, said so that a person finds it: each row is handed on, something in the place of what is wrong.
import {DATASET_NAMES} from '../../crds/datasets.ts'
import {PermanentFault} from '../errors.ts'
import {fieldText} from '../formats/copy-rows.ts'
import {sentenceOf} from '../formats/findings.ts'
import type {Refusals} from '../formats/findings.ts'
import {CANONICAL} from '../formats/tables/canonical.ts'

/** Stands in COPY text for a value that could not be read: neither a number nor a day nor a boolean, so that no format takes it for one. */
export const MARK = 0x3f

/** For whoever collects nothing: the first refusal is a fault. */
export const REFUSE_AT_ONCE: Refusals = {
  refuse(refusal) {
    throw new PermanentFault(refusal.rule, `dataset ${sentenceOf(refusal)}`)
  },
}

/** What broke a rule that is the file's or the body's own, so that nothing behind it can be read. */
export class ContentFault extends PermanentFault {
  /** Where in the file: "b.csv, line 18". */
  readonly place: string
  readonly problem: string

  constructor(code: string, {dataset, place}: {dataset: string; place: string}, problem: string) {
    super(code, `dataset ${dataset}: ${place}: ${problem}`)
    this.place = place
    this.problem = problem
  }
}

/** What is wrong, in words; see Finding. */
export interface Wrong {
  readonly rule: string
  /** Holds nothing of the value. */
  readonly right: string
  readonly place?: string | undefined
}

/** A column as the source has it. */
export interface SourceColumn {
  readonly name: string
  /** What the file calls it. */
  readonly from: string
}

/** Of one dataset that is being read. */
export interface RowRefusals {
  /** A value of the row that is being read. `column`: its index in the dataset; `value`: bytes of COPY text, else those in the row. */
  value(column: number, wrong: Wrong, value?: Uint8Array): void
  /** All of the row that is being read. */
  row(wrong: Wrong): void
  /** Something near the row that is being read; its values are right. */
  beside(wrong: Wrong): void
  /** Whether anything was said of the row that is being read. */
  any(): boolean
  /** The row is whole: `number` from 1, `copy` its COPY text. Throws FindingsFull. */
  endRow(number: number, copy: Uint8Array): void
  /** A row that was ended already. Throws FindingsFull. */
  ended(number: number, wrong: Wrong): void
}

interface Pending {
  readonly wrong: Wrong
  /** Index; undefined where it is of no column. */
  readonly column?: number
  readonly value?: string | undefined
  readonly covers: 'column' | 'row' | 'nothing'
}

export function createRowRefusals(dataset: string, columns: readonly SourceColumn[], refusals: Refusals): RowRefusals {
  const keyName = DATASET_NAMES.find((name) => name === dataset)
  const keyColumn = keyName && CANONICAL[keyName].key
  const key = columns.findIndex(({name}) => name === keyColumn)
  let pending: Pending[] = []

  function report({wrong: {rule, right, place}, column, value, covers}: Pending, row: number, fields: readonly string[]): void {
    const known = key < 0 || key === column || covers === 'row' ? undefined : fieldText(Buffer.from(fields[key] ?? '', 'latin1'))
    const given = value ?? (column === undefined ? undefined : fieldText(Buffer.from(fields[column] ?? '', 'latin1')))
    refusals.refuse({
      dataset,
      row,
      ...(known !== undefined && {key: {column: keyColumn!, value: known}}),
      column: column === undefined ? '' : titleOf(columns[column]!),
      rule,
      right,
      ...(given !== undefined && {value: given}),
      ...(place !== undefined && {place}),
      covers: covers === 'column' ? {column: columns[column!]!.name} : covers,
    })
  }

  return {
    value(column, wrong, value) {
      if (pending.some((each) => each.column === column)) return
      pending.push({wrong, column, value: value && fieldText(value), covers: 'column'})
    },
    row: (wrong) => void pending.push({wrong, covers: 'row'}),
    beside: (wrong) => void pending.push({wrong, covers: 'nothing'}),
    any: () => pending.length > 0,
    endRow(number, copy) {
      // Once a row as a whole is wrong, nobody knows which value stands in which column.
      const whole = pending.find(({covers}) => covers === 'row')
      const said = pending.filter((each) => each === whole || each.covers === 'nothing' || whole === undefined)
      pending = []
      const fields = Buffer.from(copy).toString('latin1').replace(/\n$/, '').split('\t')
      for (const each of said) report(each, number, fields)
    },
    ended: (number, wrong) => report({wrong, covers: 'row'}, number, []),
  }
}

function titleOf({name, from}: SourceColumn): string {
  return name === from ? name : `${name} (${from})`
}
