import {describe, expect, test} from 'vitest'
import {formatLocal, localDate, localTime, startOfLocalDay} from './zone.ts'

describe('localTime', () => {
  test('gives the parts of the wall clock', () => {
    expect(localTime(new Date('2026-11-01T05:00:09Z'), 'Europe/Berlin')).toEqual({
      year: 2026, month: 11, day: 1, hour: 6, minute: 0, second: 9, offsetMinutes: 60,
    })
  })

  test.each([
    ['a minute before the spring change', '2026-03-29T00:59:59Z', 'Europe/Berlin', '2026-03-29T01:59:59+01:00'],
    ['at the spring change', '2026-03-29T01:00:00Z', 'Europe/Berlin', '2026-03-29T03:00:00+02:00'],
    ['the first 02:30 in autumn', '2026-10-25T00:30:00Z', 'Europe/Berlin', '2026-10-25T02:30:00+02:00'],
    ['the second 02:30 in autumn', '2026-10-25T01:30:00Z', 'Europe/Berlin', '2026-10-25T02:30:00+01:00'],
    ['UTC', '2026-11-01T06:00:00Z', 'UTC', '2026-11-01T06:00:00Z'],
    ['London in winter', '2026-12-01T06:00:00Z', 'Europe/London', '2026-12-01T06:00:00Z'],
    ['west of Greenwich, half hours', '2026-07-01T06:00:00Z', 'America/St_Johns', '2026-07-01T03:30:00-02:30'],
    ['quarter hours', '2026-07-01T06:00:00Z', 'Asia/Kathmandu', '2026-07-01T11:45:00+05:45'],
    ['a change of half an hour', '2026-10-03T15:30:00Z', 'Australia/Lord_Howe', '2026-10-04T02:30:00+11:00'],
  ])('%s', (_, instant, zone, expected) => {
    expect(formatLocal(new Date(instant), zone)).toBe(expected)
  })

  test('gives the same when asked again, also on the day of a change', () => {
    const instants = ['2026-03-28T12:00:00Z', '2026-03-29T00:30:00Z', '2026-03-29T12:00:00Z', '2026-03-28T12:00:00Z', '2026-03-29T00:30:00Z']
    expect(instants.map((at) => localTime(new Date(at), 'Europe/Vienna').offsetMinutes)).toEqual([60, 60, 120, 60, 60])
  })

  test('names an unknown zone', () => {
    expect(() => localTime(new Date(), 'Mars/Olympus')).toThrow(RangeError)
  })
})

test('localDate changes at local midnight', () => {
  expect(localDate(new Date('2026-10-31T22:59:59Z'), 'Europe/Berlin')).toBe('2026-10-31')
  expect(localDate(new Date('2026-10-31T23:00:00Z'), 'Europe/Berlin')).toBe('2026-11-01')
})

describe('startOfLocalDay', () => {
  test.each([
    ['an ordinary day', '2026-10-01', 'Europe/Berlin', '2026-09-30T22:00:00.000Z'],
    ['the day after the autumn change', '2026-10-26', 'Europe/Berlin', '2026-10-25T23:00:00.000Z'],
    ['far east', '2026-10-01', 'Pacific/Kiritimati', '2026-09-30T10:00:00.000Z'],
    ['far west', '2026-10-01', 'Pacific/Niue', '2026-10-01T11:00:00.000Z'],
    ['midnight skipped by summer time (Santiago)', '2026-09-06', 'America/Santiago', '2026-09-06T04:00:00.000Z'],
    ['midnight skipped by summer time (Cairo)', '2026-04-24', 'Africa/Cairo', '2026-04-23T22:00:00.000Z'],
    ['midnight twice: the first (Havana)', '2026-11-01', 'America/Havana', '2026-11-01T04:00:00.000Z'],
    ['23:00 twice the evening before (Santiago)', '2026-04-05', 'America/Santiago', '2026-04-05T04:00:00.000Z'],
    ['a day that Apia skipped is empty', '2011-12-30', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
    ['and the day after begins at the same instant', '2011-12-31', 'Pacific/Apia', '2011-12-30T10:00:00.000Z'],
  ])('%s', (_, date, zone, expected) => {
    expect(startOfLocalDay(date, zone).toISOString()).toBe(expected)
  })

  test.each(['2026-02-29', '2026-13-01', '2026-1-1', 'today', '2026-10-01T00:00:00Z', ''])('refuses %j', (date) => {
    expect(() => startOfLocalDay(date, 'UTC')).toThrow(/write YYYY-MM-DD/)
  })
})
