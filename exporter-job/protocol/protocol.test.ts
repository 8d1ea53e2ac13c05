import {describe, expect, test} from 'vitest'
import {createFindings} from '../formats/findings.ts'
import type {Protocol} from '../formats/protocol.ts'
import {manifestWith} from '../testing/manifest.ts'
import {protocolOf} from './document.ts'
import {protocolHtml} from './html.ts'
import {protocolText} from './text.ts'
import {wordsFor} from './words.ts'

const MANIFEST = manifestWith({
  rows: 1_234_567,
  totals: [{currency: 'EUR', side: 'S', count: 1_234_567, sum: '1234567.89'}],
  files: [{name: 'EXTF_Buchungsstapel_202610_001.csv', bytes: 9, rows: 1_234_567, sha256: 'ab'}],
  datasets: [{dataset: 'bookings', rows: 1_234_568, skipped: 1}],
  notes: [{rule: 'AmountIsZero', count: 1}],
  controlled: true,
})
const PROTOCOL: Protocol = {
  tables: [
    {title: 'Account', lines: [{key: '8400', currency: 'EUR', count: 3, debit: '0.00', credit: '1234567.89'}]},
    {title: 'Tax key', lines: []},
  ],
  first: {row: 1, number: 'RE-1 <b>&"\'', date: '2026-10-01'},
  last: {row: 1_234_567, number: '', date: '2026-10-31'},
}

const ENGLISH = wordsFor({format: {}})

function document(protocol = PROTOCOL, words = ENGLISH): ReturnType<typeof protocolOf> {
  const findings = createFindings(1)
  findings.note({dataset: 'bookings', row: 17, column: 'amount (Umsatz, 1)', rule: 'AmountIsZero', right: 'was left out', value: 'canary'})
  return protocolOf(MANIFEST, {protocol, findings, words})
}

describe('a protocol', () => {
  test('as text has every fact, its tables aligned', () => {
    const text = protocolText(document())
    expect(text).toContain('Export protocol: acme/datev-monthly, 2026-10-01 to 2026-10-31\n====')
    expect(text).toMatch(/Rows written +1\u202F234\u202F567\n/)
    expect(text).toMatch(/First document +RE-1 <b>&"' of 2026-10-01 \(row 1\)\n/)
    expect(text).toMatch(/Last document +without number of 2026-10-31/)
    expect(text).toMatch(/By account\n-+\nAccount  Currency  Rows  +Debit +Credit\n8400     EUR          3   0\.00  1\u202F234\u202F567\.89\n/)
    expect(text, 'an empty table').not.toContain('By tax key')
    expect(text).toContain('bookings row 17, column amount (Umsatz, 1): was left out [AmountIsZero]')
    expect(text).not.toContain('canary')
  })

  test('as HTML escapes what it shows and loads nothing', () => {
    const html = protocolHtml(document())
    expect(html).toContain('RE-1 &lt;b&gt;&amp;&quot;&#39; of 2026-10-01')
    expect(html).not.toMatch(/<b>|<script|src=|href=|url\(|@import/)
    expect(html).toContain(`content="default-src 'none'`)
    expect(html).toContain('<td class="number">1\u202F234\u202F567.89</td>')
  })

  test('as HTML sets the sums off from what they add up', () => {
    const line = {key: '1', currency: 'EUR', count: 1, debit: '1.00', credit: '0.00'}
    const html = protocolHtml(document({tables: [{title: 'Account', lines: [line, {...line, key: '2'}, {...line, currency: 'USD'}]}]}))
    expect(html.match(/<tr[^>]*><td>(Sum|1|2)<.td><td>(EUR|USD)/g)).toEqual([
      '<tr><td>1</td><td>EUR',
      '<tr><td>2</td><td>EUR',
      '<tr><td>1</td><td>USD',
      '<tr class="sum first"><td>Sum</td><td>EUR',
      '<tr class="sum"><td>Sum</td><td>USD',
    ])
  })

  test('shows two thousand lines of a table and says how many are left out', () => {
    const lines = Array.from({length: 2_345}, (_, index) => ({key: String(index), currency: 'EUR', count: 1, debit: '1.00', credit: '0.00'}))
    const text = protocolText(document({tables: [{title: 'Account', lines}]}))
    expect(text).toContain('\n1999     EUR')
    expect(text).not.toContain('\n2000     EUR')
    expect(text).toContain('345 more lines are left out here.')
  })
})

describe('in German', () => {
  const GERMAN = wordsFor({format: {}, protocolLanguage: 'German'})

  test('everything but names, codes and the sentences of rules is', () => {
    const tables = [{title: 'Account', lines: [...PROTOCOL.tables[0]!.lines, {key: '(others)', currency: 'EUR', count: 2, debit: '0.50', credit: '0.00'}]}, {title: 'Tax code (journal_lines)', lines: [{key: 'none', currency: 'EUR', count: 1, debit: '1.00', credit: '0.00'}]}]
    const text = protocolText(document({...PROTOCOL, tables}, GERMAN))
    expect(text).toContain('Exportprotokoll: acme/datev-monthly, 01.10.2026 bis 31.10.2026\n====')
    expect(text).toMatch(/Lauf +planmäßig, fällig 01\.11\.2026 06:00:00 \(UTC\+01:00\)\n/)
    expect(text).toMatch(/Erster Beleg +RE-1 <b>&"' vom 01\.10\.2026 \(Zeile 1\)\n/)
    expect(text).toMatch(/Letzter Beleg +ohne Nummer vom 31\.10\.2026/)
    expect(text).toMatch(/Summen\n-+\nWährung +Seite +Zeilen +Summe\nEUR +Soll \(S\) +1\u202F234\u202F567 +1\u202F234\u202F567,89\n/)
    expect(text).toMatch(/Summen je Konto\n-+\nKonto +Währung +Zeilen +Soll +Haben\n8400 +EUR .*\n\(übrige\) +EUR .*\nSumme +EUR +5 +0,50 +1\u202F234\u202F567,89\n/)
    expect(text).toMatch(/Summen je Steuercode \(journal_lines\)\n-+\nSteuercode .*\nohne /)
    expect(protocolHtml(document(PROTOCOL, GERMAN))).toContain('<html lang="de">')
  })

  test('what is no day stays as it is', () => {
    const {facts} = document({tables: [], first: {row: 1, number: '', date: '2026-10-31 12:00'}}, GERMAN)
    expect(facts).toContainEqual(['Erster Beleg', 'ohne Nummer vom 2026-10-31 12:00 (Zeile 1)'])
  })

  test.each([
    ['datev', 'de'],
    ['bmd', 'de'],
    ['gobd', 'de'],
    ['saft', 'en'],
    ['csv', 'en'],
    ['ndjson', 'en'],
  ])('%s is read in %s, unless the spec says otherwise', (format, tag) => {
    expect(wordsFor({format: {[format]: {}}}).tag).toBe(tag)
    expect(wordsFor({format: {[format]: {}}, protocolLanguage: tag === 'de' ? 'English' : 'German'}).tag).not.toBe(tag)
  })
})
