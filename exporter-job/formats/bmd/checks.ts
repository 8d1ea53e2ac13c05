// What the values of a booking owe each other, when each of them has been met.
import {POINT, ZERO} from '../values/cursor.ts'
import type {Field, RowPlan} from './plan.ts'
import type {Row} from './row.ts'
import {point} from './row.ts'
import type {RuleCode} from './rules.ts'
import {isFlag, isTrue} from './signs.ts'

/** Told of a rule that is broken, and of the dataset's column that it is said of. */
export type Say = (field: Field, rule: RuleCode, source: number) => void

/** `isRight` where every value of the row is right by itself: companions are looked for only then. */
export function checkBooking(row: Row, plan: RowPlan, isRight: boolean, say: Say): void {
  const {sources, all} = plan
  if (isRight && row.tax !== 0 && !(point(row, sources.taxCode) && point(row, sources.taxRate))) say(all.get('steuer')!, 'CompanionMissing', taxSource(row, plan))
  // Gross amount and tax have different signs.
  if (isRight && row.amount * row.tax < 0 && Math.abs(row.tax) > Math.abs(row.amount)) say(all.get('steuer')!, 'TaxExceedsAmount', taxSource(row, plan))
  if (isRight && row.rate !== 0 && !row.taxed) say(all.get('prozent')!, 'CompanionMissing', sources.taxRate)
  if (row.foreign && point(row, sources.baseCurrency) && !isOwnCurrency(row, plan)) say(all.get('waehrung')!, 'BaseCurrencyDiffers', sources.baseCurrency)
  if (point(row, sources.reverseCharge) && !isFlag(row)) say(all.get('steuer')!, 'ValueNotAllowed', sources.reverseCharge)
}

/** Columns that must be empty, on every row. */
export function checkRefused(row: Row, {refused}: RowPlan, say: Say): void {
  for (let index = 0; index < refused.length; index++) {
    const {source, field} = refused[index]!
    if (point(row, source) && (field.operation === 'symbol' ? isTrue(row) : !isZero(row))) say(field, 'NoPlaceInBmd', source)
  }
}

/** Whether the cursor stands on the currency of the books. */
export function isOwnCurrency({cursor: {source, from, to}}: Row, {ownCurrency}: RowPlan): boolean {
  return to - from === 3 && source[from] === ownCurrency[0] && source[from + 1] === ownCurrency[1] && source[from + 2] === ownCurrency[2]
}

/** The column that the tax was read from. */
function taxSource(row: Row, {sources}: RowPlan): number {
  if (point(row, sources.signedTax)) return sources.signedTax
  return row.foreign ? sources.baseTax : sources.tax
}

/** 0, 0.00 and the like. */
function isZero({cursor: {source, from, to}}: Row): boolean {
  for (let index = from; index < to; index++) if (source[index] !== ZERO && source[index] !== POINT) return false
  return true
}
