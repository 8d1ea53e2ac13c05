import {describe, expect, test} from 'vitest'
import {checkTemplate, renderTemplate} from './template.ts'

const VALUES = {
  name: 'datev-monthly',
  namespace: 'acme',
  period: {start: '2026-10-01', end: '2026-11-01'},
  scheduledTime: new Date('2026-10-31T23:30:00Z'),
  timeZone: 'Europe/Berlin',
}

describe('renderTemplate', () => {
  test.each([
    ['', ''],
    ['datev', 'datev'],
    ["datev/{{ period.start | date: '%Y' }}", 'datev/2026'],
    ["{{period.start|date:'%Y-%m'}}", '2026-10'],
    ['{{ period.start | date: "%Y/%m/%d" }}', '2026/10/01'],
    ['{{ period.start }}', '2026-10-01'],
    ['{{ period.end }}', '2026-10-31'],
    ['{{ scheduledTime }}', '2026-11-01'],
    ['{{ namespace }}/{{ name }}.csv', 'acme/datev-monthly.csv'],
    ["{{ period.start | date: 'Q%q_%j_%G-W%V' }}", 'Q4_274_2026-W40'],
    ['one { brace } is text', 'one { brace } is text'],
  ])('%s', (template, expected) => {
    expect(renderTemplate(template, VALUES)).toBe(expected)
  })

  test('the year of an ISO week is not always the calendar’s', () => {
    expect(renderTemplate("{{ period.start | date: '%G-%V %Y' }}", {...VALUES, period: {start: '2027-01-01', end: '2027-01-02'}})).toBe('2026-53 2027')
  })

  test('a value is never read as a template', () => {
    expect(renderTemplate('{{ name }}', {...VALUES, name: '{{ namespace }}'})).toBe('{{ namespace }}')
  })

  test('the output is bounded', () => {
    expect(() => renderTemplate('{{name}}'.repeat(60), {...VALUES, name: 'n'.repeat(46)})).toThrow(/longer than 1024/)
  })
})

describe('checkTemplate', () => {
  test.each([
    ['an unknown variable, with what there is', '{{ env.HOME }}', /"env\.HOME", which is not known: there are period\.start, period\.end, scheduledTime, name, namespace/],
    ['an inherited property', '{{ constructor }}', /"constructor", which is not known/],
    ['an unknown filter', "{{ period.start | upcase }}", /filter "upcase", which is not known: there is date/],
    ['an unknown directive, with what there is', "{{ period.start | date: '%Y-%H' }}", /"%H" is not known: there are %Y year, %m month/],
    ['an inherited directive', "{{ period.start | date: '%_' }}", /"%_" is not known/],
    ['a percent sign at the end', "{{ period.start | date: '%Y%' }}", /"%" is not known/],
    ['a date filter on text', "{{ name | date: '%Y' }}", /name is not a date/],
    ['a filter without a format', '{{ period.start | date }}', /needs a format/],
    ['an empty format', "{{ period.start | date: '' }}", /needs a format/],
    ['an empty placeholder', '{{ }}', /is not a placeholder/],
    ['two filters', "{{ period.start | date: '%Y' | date: '%m' }}", /is not a placeholder/],
    ['a placeholder that is not closed', 'a/{{ name', /not closed/],
    ['one that was not opened', 'a/}}b', /not opened/],
    ['one inside another', '{{ {{ name }} }}', /is not a placeholder/],
  ])('refuses %s', (_, template, message) => {
    expect(() => checkTemplate(template)).toThrow(RangeError)
    expect(() => checkTemplate(template)).toThrow(message)
  })

  test('takes long input in linear time', () => {
    const started = performance.now()
    expect(() => checkTemplate(`{{ ${' '.repeat(50_000)}|${' '.repeat(50_000)}`)).toThrow(RangeError)
    expect(() => checkTemplate(`{{ a${' '.repeat(50_000)}x }}`)).toThrow(RangeError)
    expect(performance.now() - started).toBeLessThan(1_000)
  })
})
