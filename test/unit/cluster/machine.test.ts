// Ending a local cluster on a machine that never had one.
import {mkdtemp, readdir, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, expect, test, vi} from 'vitest'
import {localLayout} from '../../cluster/local/layout.ts'
import {restoreMachine} from '../../cluster/local/machine.ts'

const COMMANDS = ['ip', 'umount', 'iptables-save', 'iptables-restore', 'ip6tables-save', 'ip6tables-restore']

let folder: string

/** Commands that only note that they were called take the place of the real ones. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'machine-'))
  for (const name of COMMANDS) await writeFile(join(folder, name), `#!/bin/sh\n: > "$0.called"\n`, {mode: 0o755})
  vi.stubEnv('PATH', folder)
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, {recursive: true})
})

test('nothing is touched where no local cluster has been started', async () => {
  await restoreMachine(localLayout())
  expect((await readdir(folder)).filter((name) => name.endsWith('.called'))).toEqual([])
})
