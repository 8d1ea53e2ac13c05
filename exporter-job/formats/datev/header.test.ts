import {describe, expect, test} from 'vitest'
import {contextOf} from '../testing/memory-sink.ts'
import {STACK} from './categories.ts'
import {headerLines, localTimestamp} from './header.ts'
import {stackRanges} from './ranges.ts'
import {specOf} from './testing/booking.ts'

function lines(...[spec, context]: [Parameters<typeof specOf>[0]?, Parameters<typeof contextOf>[0]?]): string[] {
  const given = contextOf(context)
  const [range] = stackRanges(given.period, specOf(spec))
  return new TextDecoder('windows-1252').decode(headerLines(STACK, specOf(spec), range!, given)).split('\r\n')
}

describe('the header', () => {
  test('has 31 fields, text quoted, and ends like every line', () => {
    const [header, headings, rest] = lines()
    expect(header).toBe(
      '"EXTF";700;21;"Buchungsstapel";13;20261101060000250;;"RE";"ScheduledExport";"";1001;456;20260101;4;20261001;20261031;' +
        '"Buchungsstapel";"";1;0;0;"EUR";;"";;;"";;;"";"3f2504e04f8951d3"',
    )
    expect(headings!.split(';')).toHaveLength(125)
    expect(headings).toMatch(/^Umsatz \(ohne Soll\/Haben-Kz\);Soll\/Haben-Kennzeichen;.*;Fälligkeit;.*;Abw\. Skontokonto$/)
    expect(rest).toBe('')
  })

  test('says what the spec says', () => {
    const [header] = lines({
      consultant: 9_999_999,
      client: 99_999,
      fiscalYearStart: '07-01',
      accountLength: 8,
      currency: 'CHF',
      description: 'Fibu Okt',
      chartOfAccounts: '04',
      festschreibung: true,
    })
    const fields = header!.split(';')
    expect(fields.slice(10, 17)).toEqual(['9999999', '99999', '20260701', '8', '20261001', '20261031', '"Fibu Okt"'])
    expect([fields[20], fields[21], fields[26]]).toEqual(['1', '"CHF"', '"04"'])
  })
})

describe('Erzeugt am', () => {
  test.each([
    ['Europe/Berlin', '2026-07-01T22:30:05.007Z', '20260702003005007'],
    ['Europe/Berlin', '2026-10-25T00:30:00Z', '20261025023000000'],
    ['Europe/Berlin', '2026-10-25T01:30:00Z', '20261025023000000'],
    ['America/New_York', '2027-01-01T04:59:59.999Z', '20261231235959999'],
    ['Australia/Lord_Howe', '2026-07-01T13:30:00Z', '20260702000000000'],
    ['Pacific/Apia', '2026-06-30T11:00:00Z', '20260701000000000'],
    ['UTC', '2026-01-01T00:00:00Z', '20260101000000000'],
  ])('in %s at %s is %s', (timeZone, instant, written) => {
    expect(localTimestamp(new Date(instant), timeZone)).toBe(written)
  })
})
