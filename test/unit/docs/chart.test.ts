// The chart's page names every value with its default, and none that there is not.
import {readFile} from 'node:fs/promises'
import {fileURLToPath} from 'node:url'
import {expect, test} from 'vitest'
import {parse} from 'yaml'

const CHART = new URL('../../../charts/scheduled-export/', import.meta.url)

function read(name: string): Promise<string> {
  return readFile(fileURLToPath(new URL(name, CHART)), 'utf8')
}

/** Dotted path and default. The quantities of `requests` and `limits` are one value each: their keys are not ours. */
function leaves(value: unknown, path: readonly string[] = []): [string, unknown][] {
  const whole = ['requests', 'limits'].includes(path.at(-1) ?? '')
  if (typeof value !== 'object' || value === null || Array.isArray(value) || whole) return [[path.join('.'), value]]
  const entries = Object.entries(value)
  return entries.length === 0 ? [[path.join('.'), value]] : entries.flatMap(([key, each]) => leaves(each, [...path, key]))
}

test('the table of values is values.yaml', async () => {
  const rows = (await read('README.md')).matchAll(/^\| `([A-Za-z.]+)` \| `([^`]*)` \|/gm)
  const table = [...rows].map((row): [string, unknown] => [row[1] ?? '', parse(row[2] ?? '')])
  expect(table).toEqual(leaves(parse(await read('values.yaml'))))
})
