// Both images are small: a node of a small cluster pulls them for every run that it has not seen.
import {expect, test} from 'vitest'
import {buildImages} from '../images/build.ts'
import {unpackedBytes} from '../images/size.ts'

const MOST_BYTES = 200e6

test('both images take less than 200 MB unpacked', {timeout: 600_000}, async () => {
  const {operator, job} = await buildImages()
  for (const {archive} of [operator, job]) {
    const bytes = await unpackedBytes(archive)
    expect(bytes).toBeGreaterThan(100e6)
    expect(bytes).toBeLessThan(MOST_BYTES)
  }
})
