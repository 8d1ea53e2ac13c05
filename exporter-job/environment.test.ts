import {describe, expect, it} from 'vitest'
import {readEnvironment} from './environment.ts'

const SPEC = {
  schedule: '0 6 1 * *',
  period: {range: 'PreviousMonth'},
  source: {http: {datasets: {bookings: {url: 'https://api.example.com/bookings'}}}},
  format: {datev: {consultant: 1001, client: 456}},
  destination: {volume: {claimName: 'exports', path: 'datev'}},
}
const POD = {
  SCHEDULED_EXPORT: JSON.stringify({name: 'datev-http', namespace: 'acme', generation: 1, spec: SPEC}),
  SCHEDULED_EXPORT_JOB_NAME: 'datev-http-29000000',
  SCHEDULED_EXPORT_JOB_UID: 'uid',
}

describe("the operator's list of private endpoints", () => {
  it('is empty where the pod has none', () => {
    expect(readEnvironment(POD).allowedPrivateEndpoints).toEqual([])
  })

  it('is what the pod has', () => {
    const env = {...POD, SCHEDULED_EXPORT_ALLOWED_PRIVATE_ENDPOINTS: '["10.20.0.0/16","*.finance.svc"]'}
    expect(readEnvironment(env).allowedPrivateEndpoints).toEqual(['10.20.0.0/16', '*.finance.svc'])
  })

  it.each(['10.20.0.0/16', '["10.20.0.0/99"]', '{}'])('is refused where it is none: %s', (value) => {
    expect(() => readEnvironment({...POD, SCHEDULED_EXPORT_ALLOWED_PRIVATE_ENDPOINTS: value})).toThrow(/SCHEDULED_EXPORT_ALLOWED_PRIVATE_ENDPOINTS/)
  })

  it('cannot be widened by the spec', () => {
    const spec = {...SPEC, source: {http: {...SPEC.source.http, allowedPrivateEndpoints: ['0.0.0.0/0']}}}
    expect(() => readEnvironment({...POD, SCHEDULED_EXPORT: JSON.stringify({name: 'a', namespace: 'acme', generation: 1, spec})})).toThrow(/SCHEDULED_EXPORT /)
  })
})
