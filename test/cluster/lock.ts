// One process at a time builds or starts something. The lock is a Linux abstract socket: the kernel frees it with its holder, however
// that ends, so that no stale lock file is ever in the way.
import {createServer, type Server} from 'node:net'
import {say} from './say.ts'
import {waitFor} from './wait.ts'

/** Runs `act` while no other process on this machine holds the lock of that name. */
export async function withLock<T>(name: string, act: () => Promise<T>): Promise<T> {
  const server = (await tryLock(name)) ?? (await waitForLock(name))
  try {
    return await act()
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
}

function waitForLock(name: string): Promise<Server> {
  say(`Waiting for another process that does the same (${name}) …`)
  return waitFor(`the lock "${name}" is free`, () => tryLock(name), {seconds: 3600})
}

function tryLock(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)))
    server.listen(`\0scheduled-export/${name}`, () => resolve(server))
  })
}
