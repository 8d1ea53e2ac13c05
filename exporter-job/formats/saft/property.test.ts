// Some thousand lines made by chance; a hundred thousand in test/adapters.
import {expect, test} from 'vitest'
import {writeAnyLines} from './testing/any-line.ts'

/** PROPERTY_ROWS=1000000 for a thorough look. */
const TRANSACTIONS = Number(process.env['PROPERTY_ROWS'] ?? 2_000)

test('any line is written as it is, or refused by rules that the findings name', async () => {
  const {accepted, rules} = await writeAnyLines(TRANSACTIONS)
  expect(accepted).toBeGreaterThan(TRANSACTIONS / 20)
  expect(rules.size).toBeGreaterThan(10)
}, 300_000)
