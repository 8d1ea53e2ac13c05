import {expect, test} from 'vitest'
import {nearestNames} from './suggest.ts'

const KNOWN = ['amount', 'base_amount', 'account', 'contra_account', 'text', 'cost_center_1', 'cost_center_2', 'due_date']

test.each([
  ['amout', ['amount']],
  ['AMOUNT', ['amount', 'account', 'base_amount']],
  ['cost_centre_1', ['cost_center_1', 'cost_center_2']],
  ['due_dat', ['due_date']],
  ['booking_text', ['text']],
  ['zzz', []],
])('%s is near to %j', (name, nearest) => {
  expect(nearestNames(name, KNOWN)).toEqual(nearest)
})
