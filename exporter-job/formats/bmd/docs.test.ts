// The documents that users read name what the code knows.
import {readFileSync} from 'node:fs'
import {expect, test} from 'vitest'
import {BOOKING_FIELDS} from './columns.ts'
import {RULES} from './rules.ts'

const DATASETS = read('../../../docs/datasets.md')
const ERRORS = read('../../../docs/errors.md')
const SECTION = DATASETS.slice(DATASETS.indexOf('### What BMD makes of them'), DATASETS.indexOf('**Signs.**'))

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8')
}

test.each(BOOKING_FIELDS.filter(({from}) => from !== undefined))('docs/datasets.md says what $name is filled from', ({name, from}) => {
  const line = SECTION.split('\n').find((each) => each.split('|')[1]?.split(',').some((field) => field.trim() === name))
  expect(line).toContain(`\`${from}\``)
})

test.each(Object.keys(RULES))('docs/errors.md explains %s', (code) => {
  expect(ERRORS).toContain(`| \`${code}\` |`)
})
