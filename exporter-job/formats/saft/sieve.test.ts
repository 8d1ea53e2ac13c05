// A sieve lets no id pass that came before, and few that did not.
import {expect, test} from 'vitest'
import {createSieve} from './sieve.ts'

function met(ids: readonly string[]): boolean[] {
  const sieve = createSieve()
  return ids.map((id) => sieve.hasMet(Buffer.from(id), 0, Buffer.byteLength(id)))
}

test('an id that comes back is seen, whatever came between', () => {
  const ids = Array.from({length: 1000}, (_, index) => `AR-${index}`)
  expect(met([...ids, ...ids]).slice(1000)).not.toContain(false)
})

test('of many ids that differ in a digit hardly one is taken for another', () => {
  const wrong = met(Array.from({length: 200_000}, (_, index) => `2026-${String(index).padStart(8, '0')}`)).filter(Boolean)
  expect(wrong.length).toBeLessThan(20)
})
