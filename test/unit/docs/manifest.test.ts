// docs/operating.md describes every field of a manifest, and no other.
import {readFileSync} from 'node:fs'
import {expect, test} from 'vitest'
import {Manifest} from '../../../crds/run.ts'

test('the manifest that is described is the one that is written', () => {
  const page = readFileSync(new URL('../../../docs/operating.md', import.meta.url), 'utf8')
  const section = page.split(/^## /m).find((text) => text.startsWith('The manifest\n')) ?? ''
  const described = [...section.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, cell = '']) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name))
  expect(described).toEqual(Object.keys(Manifest.shape))
})
