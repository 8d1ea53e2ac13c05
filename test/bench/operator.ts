// npm run bench:operator [-- --exports 10000 --history 10 --query 900 --jobs 3]: the memory that the operator takes for so many exports.
// Its own reflectors fill its own caches, from lists as an API server would answer them; the process is measured after a collection.
import {parseArgs} from 'node:util'
import {createReflectors, createStores} from '../../operator/caches.ts'
import {systemClock} from '../../operator/clock.ts'
import {createLogger} from '../../operator/log.ts'
import {createFakeTransport} from './operator-lists.ts'

const MIB = 1024 * 1024

async function main(): Promise<void> {
  const {values} = parseArgs({
    options: {
      exports: {type: 'string', default: '10000'},
      history: {type: 'string', default: '10'},
      query: {type: 'string', default: '900'},
      jobs: {type: 'string', default: '3'},
    },
  })
  if (globalThis.gc === undefined) throw new Error('usage: node --expose-gc test/bench/operator.ts')
  const shape = {exports: Number(values.exports), history: Number(values.history), query: Number(values.query), jobs: Number(values.jobs)}
  globalThis.gc()
  const before = process.memoryUsage().heapUsed
  const stores = createStores()
  const stop = new AbortController()
  const reflectors = createReflectors({stores, transport: createFakeTransport(shape), namespaces: [], clock: systemClock, log: createLogger({level: 'error'})})
  let last = before
  for (const reflector of reflectors) {
    void reflector.run(stop.signal)
    await reflector.synced
    globalThis.gc()
    const now = process.memoryUsage().heapUsed
    console.error(`${reflector.name}: ${Math.round((now - last) / MIB)} MiB, ${Math.round((now - last) / shape.exports)} bytes an export`)
    last = now
  }
  const {heapUsed, rss} = process.memoryUsage()
  console.log(JSON.stringify({...shape, cachesMiB: Math.round((heapUsed - before) / MIB), heapMiB: Math.round(heapUsed / MIB), rssMiB: Math.round(rss / MIB)}))
  stop.abort()
  // The watches' watchdogs would hold it up for minutes.
  process.exit(0)
}

await main()
