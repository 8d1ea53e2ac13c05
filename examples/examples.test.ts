import {readFile, readdir} from 'node:fs/promises'
import {describe, expect, test} from 'vitest'
import {parseAllDocuments} from 'yaml'
import {ScheduledExport} from '../crds/scheduledexport.ts'

const folder = new URL('.', import.meta.url)
const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml'))

describe.each(names)('%s', (name) => {
  test('is YAML that keeps the schema', async () => {
    const documents = parseAllDocuments(await readFile(new URL(name, folder), 'utf8'))
    expect(documents.flatMap(({errors}) => errors)).toEqual([])
    for (const document of documents) {
      const object: unknown = document.toJS()
      if (!isScheduledExport(object)) continue
      expect(ScheduledExport.safeParse(object)).toMatchObject({success: true})
    }
  })

  test('is mentioned in the walk-through', async () => {
    expect(await readFile(new URL('README.md', folder), 'utf8')).toContain(name)
  })
})

test('there are manifests to read, and every one but the namespace holds a ScheduledExport', async () => {
  const exports = names.filter((name) => name !== 'namespace.yaml')
  expect(exports).toContain('datev-monthly.yaml')
  for (const name of exports) {
    const [document] = parseAllDocuments(await readFile(new URL(name, folder), 'utf8'))
    expect(isScheduledExport(document?.toJS())).toBe(true)
  }
})

function isScheduledExport(object: unknown): boolean {
  return typeof object === 'object' && object !== null && 'kind' in object && object.kind === 'ScheduledExport'
}
