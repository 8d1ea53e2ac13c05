import {expect, test} from 'vitest'
import {ApiError, errorOfStatus, messageOf, networkError, parseRetryAfter, policyOf} from './errors.ts'

test.each([
  {code: 400, class: 'invalid', retry: 'never'},
  {code: 401, class: 'unauthorized', retry: 'backoff'},
  {code: 403, class: 'forbidden', retry: 'backoff'},
  {code: 404, class: 'notFound', retry: 'now'},
  {code: 409, class: 'conflict', retry: 'now'},
  {code: 410, class: 'gone', retry: 'now'},
  {code: 422, class: 'invalid', retry: 'never'},
  {code: 429, class: 'tooManyRequests', retry: 'backoff'},
  {code: 500, class: 'serverError', retry: 'backoff'},
  {code: 503, class: 'serverError', retry: 'backoff'},
  {code: 504, class: 'serverError', retry: 'backoff'},
] as const)('$code is $class, retried: $retry', ({code, class: expected, retry}) => {
  const error = errorOfStatus(code, undefined)
  expect({class: error.class, retry: policyOf(error).retry}).toEqual({class: expected, retry})
})

test('a 409 for a name that is taken is told from one for a version that has passed', () => {
  expect(errorOfStatus(409, {reason: 'AlreadyExists'}).class).toBe('alreadyExists')
  expect(errorOfStatus(409, {reason: 'Conflict'}).class).toBe('conflict')
})

test('a 422 for the UID means that another object has the name now', () => {
  expect(errorOfStatus(422, {reason: 'Invalid', details: {causes: [{field: 'metadata.uid'}]}}).class).toBe('conflict')
  expect(errorOfStatus(422, {reason: 'Invalid', details: {causes: [{field: 'spec.schedule'}]}}).class).toBe('invalid')
})

test('a namespace that is being deleted refuses new objects for good', () => {
  const error = errorOfStatus(403, {reason: 'Forbidden', details: {causes: [{reason: 'NamespaceTerminating'}]}})
  expect(error.class).toBe('terminating')
  expect(policyOf(error)).toEqual({retry: 'never', level: 'debug'})
})

test('no answer is the network\'s fault and carries its cause', () => {
  const error = networkError(Object.assign(new Error('read ECONNRESET'), {code: 'ECONNRESET'}))
  expect(error.class).toBe('network')
  expect(error.message).toContain('ECONNRESET')
})

test('a fault of our own is loud and retried', () => {
  expect(policyOf(new TypeError('x is not a function'))).toEqual({retry: 'backoff', level: 'error'})
})

test.each([
  {header: '7', wait: 7000},
  {header: '0', wait: 0},
  {header: 'Thu, 01 Jan 2026 00:00:30 GMT', wait: 30_000},
  {header: 'Wed, 31 Dec 2025 00:00:00 GMT', wait: 0},
  {header: 'soon', wait: undefined},
  {header: '', wait: undefined},
  {header: undefined, wait: undefined},
])('Retry-After "$header" means $wait ms', ({header, wait}) => {
  expect(parseRetryAfter(header, Date.UTC(2026, 0, 1))).toBe(wait)
})

test('whatever was thrown has a message', () => {
  expect(messageOf('text')).toBe('text')
  expect(messageOf(new ApiError({class: 'gone', message: 'too old'}))).toBe('too old')
  expect(messageOf(Object.assign(new Error(''), {code: 'ECONNREFUSED'}))).toBe('ECONNREFUSED')
})
