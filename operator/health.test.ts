import {afterEach, beforeEach, expect, test} from 'vitest'
import {startHealthServer} from './health.ts'
import type {HealthServer} from './health.ts'

let server: HealthServer
let missing: string[]
let scrape: () => Promise<{contentType: string; text: string}>

beforeEach(async () => {
  missing = []
  scrape = () => Promise.resolve({contentType: 'text/plain; version=0.0.4', text: 'a 1\n'})
  server = await startHealthServer({port: 0, unready: () => missing, metrics: () => scrape()})
})

afterEach(async () => {
  await server.close()
})

async function get(path: string, method = 'GET'): Promise<{status: number; text: string; type: string | null}> {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {method})
  return {status: response.status, text: await response.text(), type: response.headers.get('content-type')}
}

test('alive is who answers', async () => {
  expect(await get('/healthz')).toMatchObject({status: 200, text: 'ok\n'})
})

test('ready is who has everything; what is missing is named', async () => {
  expect((await get('/readyz')).status).toBe(200)
  missing = ['cache of cronjobs', 'cache of pods']
  expect(await get('/readyz')).toMatchObject({status: 503, text: 'not ready: cache of cronjobs, cache of pods\n'})
})

test('metrics come with their content type', async () => {
  expect(await get('/metrics')).toEqual({status: 200, text: 'a 1\n', type: 'text/plain; version=0.0.4'})
})

test('a scrape that fails is a 500 and no crash', async () => {
  scrape = () => Promise.reject(new Error('boom'))
  expect(await get('/metrics')).toMatchObject({status: 500, text: 'boom\n'})
  expect((await get('/healthz')).status).toBe(200)
})

test.each([
  {path: '/', method: 'GET', status: 404},
  {path: '/healthz?verbose', method: 'GET', status: 200},
  {path: '/healthz', method: 'POST', status: 405},
  {path: '/healthz', method: 'HEAD', status: 200},
])('$method $path is $status', async ({path, method, status}) => {
  expect((await get(path, method)).status).toBe(status)
})

test('a port that is taken is an error', async () => {
  await expect(startHealthServer({port: server.port, unready: () => [], metrics: scrape})).rejects.toThrow('EADDRINUSE')
})

test('closing does not wait for connections that are kept', async () => {
  await get('/healthz')
  await server.close()
  await expect(get('/healthz')).rejects.toThrow('fetch failed')
})
