// Files between the moment they are looked at and the moment they are read.
import {rename, truncate, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {TransientFault} from '../../../errors.ts'
import {createReadWhole, lookAt, realFolder} from './files.ts'
import {makeVolume} from './testing/write.ts'

const CHANGES: readonly [how: string, change: (path: string) => Promise<void>][] = [
  ['replaced by another of the same size', async (path) => {
    await writeFile(`${path}.new`, 'y'.repeat(10))
    await rename(`${path}.new`, path)
  }],
  ['cut off', (path) => truncate(path, 5)],
  ['made longer', (path) => writeFile(path, 'more', {flag: 'a'})],
]

describe('a file of a document', () => {
  test.each(CHANGES)('that was %s is tried again later, and not packed', async (_, change) => {
    await using volume = await makeVolume({'a.pdf': 10})
    const place = {mount: volume.mount, path: 'a.pdf', what: 'dataset documents'}
    const seen = await lookAt(place)
    await change(join(volume.mount, 'a.pdf'))
    const reading = createReadWhole()(place, seen)
    await expect(reading).rejects.toThrow(TransientFault)
    await expect(reading).rejects.toMatchObject({code: 'FileChanged'})
  })

  test('is read as it is, also behind a longer one', async () => {
    await using volume = await makeVolume({'long.pdf': 1_000, 'short.pdf': 'short'})
    const read = createReadWhole()
    for (const [path, length] of [['long.pdf', 1_000], ['short.pdf', 5]] as const) {
      const place = {mount: volume.mount, path, what: 'dataset documents'}
      expect((await read(place, await lookAt(place))).length).toBe(length)
    }
  })
})

test('the folder may be the volume itself', async () => {
  await using volume = await makeVolume()
  expect(await realFolder({mount: volume.mount, path: ''})).toBe(volume.mount)
})
