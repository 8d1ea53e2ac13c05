// The http source as the tests use it: against a server of this machine, with a clock that does not wait.
import {HttpSource} from '../../../crds/sources/http.ts'
import type {Secrets} from '../../../crds/secrets.ts'
import type {Refusals} from '../../../exporter-job/formats/findings.ts'
import {createHttpSource} from '../../../exporter-job/sources/http.ts'
import type {HttpOptions} from '../../../exporter-job/sources/http.ts'
import {readAll} from '../../../exporter-job/sources/testing/contract.ts'
import type {Source} from '../../../exporter-job/sources/types.ts'

/** Fields of spec.source.http. */
export type Spec = Partial<Record<string, unknown>>

export interface Given {
  readonly spec?: Spec
  /** Fields of the dataset bookings. */
  readonly dataset?: Spec
  readonly secrets?: Secrets
  readonly options?: Partial<HttpOptions>
  /** How long was waited between requests, in ms. */
  readonly waits?: number[]
  /** Takes what cannot be read. */
  readonly refusals?: Refusals
}

export const LOOPBACK = {allowedPrivateEndpoints: ['127.0.0.0/8'], resolve: async () => [{address: '127.0.0.1', family: 4}]}

export function httpSource(url: string, {spec = {}, dataset = {}, secrets = {}, options = {}, waits = []}: Given = {}): Source {
  const checked = HttpSource.parse({...spec, datasets: {bookings: {url, ...dataset}}})
  return createHttpSource(checked, {
    values: {
      name: 'datev-http',
      namespace: 'acme',
      period: {start: '2026-10-01', end: '2026-11-01'},
      scheduledTime: new Date('2026-11-01T05:00:00Z'),
      timeZone: 'Europe/Berlin',
    },
    secrets,
    now: () => new Date(),
    clock: {
      now: () => new Date('2026-11-01T05:00:00Z'),
      sleep(milliseconds) {
        waits.push(milliseconds)
        return Promise.resolve()
      },
    },
    ...LOOPBACK,
    ...options,
  })
}

/** The dataset bookings as COPY text. */
export async function readBookings(url: string, given?: Given): Promise<string> {
  await using snapshot = await httpSource(url, given).snapshot(new AbortController().signal, given?.refusals)
  return (await readAll(await snapshot.open('bookings'))).toString()
}
