import http from 'node:http'
import type {AddressInfo, Socket} from 'node:net'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {readBody, send, splitLines} from './http.ts'

async function collect(chunks: readonly Buffer[]): Promise<string[]> {
  async function* stream(): AsyncGenerator<Buffer> {
    for (const chunk of chunks) yield await Promise.resolve(chunk)
  }
  const lines: string[] = []
  for await (const line of splitLines(stream())) lines.push(line)
  return lines
}

describe('lines of a stream', () => {
  const text = 'first\nzweite: ä€😀\n\nlast\n'

  test.each([1, 2, 3, 5, 1000])('come out whole from chunks of %i bytes', async (size) => {
    const bytes = Buffer.from(text)
    const chunks = Array.from({length: Math.ceil(bytes.length / size)}, (_, index) => bytes.subarray(index * size, (index + 1) * size))
    expect(await collect(chunks)).toEqual(['first', 'zweite: ä€😀', '', 'last'])
  })

  test('a last line without an end is not whole, and dropped', async () => {
    expect(await collect([Buffer.from('a\n{"type":"ADD')])).toEqual(['a'])
  })
})

describe('a kept connection', () => {
  let server: http.Server
  let agent: http.Agent
  let attempts: number

  beforeEach(async () => {
    attempts = 0
    const seen = new Map<Socket, number>()
    // Answers once on a connection, and resets it when it is used again.
    server = http.createServer((request, response) => {
      attempts += 1
      const count = (seen.get(request.socket) ?? 0) + 1
      seen.set(request.socket, count)
      if (count > 1) request.socket.resetAndDestroy()
      else response.end('ok')
    })
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    agent = new http.Agent({keepAlive: true})
  })

  afterEach(() => {
    agent.destroy()
    server.closeAllConnections()
    server.close()
  })

  async function exchange(method: string): Promise<string> {
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    return await readBody(await send({url, options: {method, agent}}))
  }

  test('that the server closed just now is replaced for a read', async () => {
    expect(await exchange('GET')).toBe('ok')
    expect(await exchange('GET')).toBe('ok')
    expect(attempts).toBe(3)
  })

  test('is not replaced for a write, which may have been done', async () => {
    expect(await exchange('POST')).toBe('ok')
    await expect(exchange('POST')).rejects.toThrow(/ECONNRESET|socket hang up/)
    expect(attempts).toBe(2)
  })
})
