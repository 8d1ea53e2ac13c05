// Amounts that DATEV refuses, and what the spec lets be made of them.
import {describe, expect, test} from 'vitest'
import {contextOf} from '../testing/memory-sink.ts'
import {datasetOf} from '../testing/dataset.ts'
import {booking, nameAt, write} from './testing/booking.ts'

/** Umsatz, S/H and Generalumkehr of every row. */
function facts(rows: readonly (readonly string[])[]): string[] {
  return rows.map((row) => `${row[0]} ${row[1]} ${row[117]}`)
}

describe('an amount of zero', () => {
  test('is left out where the spec says so, listed and counted, whatever else its row holds', async () => {
    const context = contextOf()
    const rows = [booking({booking_id: 'a'}), booking({amount: '0.00', booking_id: 'b', document_date: '2020-01-01'}), booking({amount: '-0', booking_id: 'c'})]
    const {result, stacks} = await write(datasetOf(rows), {spec: {zeroAmount: 'Skip'}, context})
    expect(result).toMatchObject({rows: 1, datasets: [{dataset: 'bookings', written: 1, skipped: 2}], totals: [{count: 1}]})
    expect(stacks[0]!.rows).toHaveLength(1)
    expect(context.findings.notes()).toMatchObject([
      {row: 2, rule: 'ZeroAmountSkipped', key: {value: 'b'}, value: '0.00'},
      {row: 3, rule: 'ZeroAmountSkipped', key: {value: 'c'}, value: '-0'},
    ])
    expect(context.findings.noteCounts()).toEqual([{rule: 'ZeroAmountSkipped', count: 2}])
    expect(result.protocol.last).toMatchObject({row: 1})
  })

  test('leaves no file where there is nothing else', async () => {
    const {result, sink} = await write(datasetOf([booking({amount: '0'})]), {spec: {zeroAmount: 'Skip'}})
    expect(sink.files).toEqual([])
    expect(result).toMatchObject({rows: 0, datasets: [{written: 0, skipped: 1}], totals: []})
  })
})

describe('a negative amount', () => {
  const ROWS = [booking({amount: '-119.00'}), booking({amount: '-7', debit_credit: 'H'}), booking({amount: '5'})]

  test('is written on the other side, and counted there', async () => {
    const {result, stacks} = await write(datasetOf(ROWS), {spec: {negativeAmount: 'SwapSide'}})
    expect(facts(stacks[0]!.rows)).toEqual(['119,00 H ', '7,00 S ', '5,00 S '])
    expect(result.totals).toMatchObject([{side: 'S', count: 2, sum: '12.00'}, {side: 'H', count: 1, sum: '119.00'}])
    expect(result.protocol.tables.find(({title}) => title === 'Currency')?.lines).toMatchObject([{debit: '12.00', credit: '119.00'}])
  })

  test('is written on its side as a Generalumkehr, and counted as the file has it', async () => {
    const {result, stacks} = await write(datasetOf(ROWS), {spec: {negativeAmount: 'Generalumkehr'}})
    expect(facts(stacks[0]!.rows)).toEqual(['119,00 S 1', '7,00 H 1', '5,00 S '])
    expect(result.totals).toMatchObject([{side: 'S', sum: '124.00'}, {side: 'H', sum: '7.00'}])
  })

  test('is a Generalumkehr also where the dataset says of its rows whether they are one', async () => {
    const rows = [booking({amount: '-1', reversal: 'f'}), booking({amount: '-2', reversal: null}), booking({amount: '3', reversal: 't'}), booking({reversal: null})]
    const {stacks} = await write(datasetOf(rows), {spec: {negativeAmount: 'Generalumkehr'}})
    expect(facts(stacks[0]!.rows)).toEqual(['1,00 S 1', '2,00 S 1', '3,00 S 1', '119,00 S '])
    const swapped = await write(datasetOf(rows), {spec: {negativeAmount: 'SwapSide'}})
    expect(facts(swapped.stacks[0]!.rows)).toEqual(['1,00 H 0', '2,00 H ', '3,00 S 1', '119,00 S '])
  })

  test('takes the signs of the other amounts of its row along', async () => {
    const row = booking({amount: '-10', base_amount: '-9.5', base_currency: 'USD', discount: '-1'})
    const {stacks} = await write(datasetOf([row]), {spec: {negativeAmount: 'SwapSide'}})
    expect([4, 12].map((index) => stacks[0]!.rows[0]![index])).toEqual(['9,50', '1,00'])
  })

  test('is met by the names of DATEV, too', async () => {
    const {amount, ...rest} = booking({[nameAt(1)]: '-1', [nameAt(118)]: '0'})
    expect(amount).toBeDefined()
    const {stacks} = await write(datasetOf([rest]), {spec: {negativeAmount: 'Generalumkehr'}})
    expect(facts(stacks[0]!.rows)).toEqual(['1,00 S 1'])
  })
})
