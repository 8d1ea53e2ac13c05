// SAF-T: a hundred thousand transactions made by chance are written by value, or refused by a named rule.
import {expect, test} from 'vitest'
import {writeAnyLines} from '../../exporter-job/formats/saft/testing/any-line.ts'

const TRANSACTIONS = 100_000

test('any line is written as it is, or refused by rules that the findings name', async () => {
  const {accepted, rules} = await writeAnyLines(TRANSACTIONS)
  expect(accepted).toBeGreaterThan(TRANSACTIONS / 20)
  expect(rules.size).toBeGreaterThan(10)
}, 300_000)
