// Periods whose edges are awkward, for tests of what reads by them.

export interface PeriodEdges {
  readonly timeZone: string
  readonly start: string
  /** The day behind the last one. */
  readonly end: string
  /** The instant at which the period begins, and the one at which it is over, as the zone's offsets of that day say. */
  readonly first: string
  readonly after: string
}

/**
 * New York has days of 23 and of 25 hours, Lord Howe changes by half an hour, Apia skipped 30 December 2011 when it changed the side of the
 * date line, the Azores come back to midnight.
 */
export const PERIOD_EDGES: readonly PeriodEdges[] = [
  {timeZone: 'America/New_York', start: '2026-10-01', end: '2026-11-02', first: '2026-10-01T04:00:00.000Z', after: '2026-11-02T05:00:00.000Z'},
  {timeZone: 'America/New_York', start: '2026-11-01', end: '2026-11-02', first: '2026-11-01T04:00:00.000Z', after: '2026-11-02T05:00:00.000Z'},
  {timeZone: 'America/New_York', start: '2026-03-08', end: '2026-03-09', first: '2026-03-08T05:00:00.000Z', after: '2026-03-09T04:00:00.000Z'},
  {timeZone: 'Australia/Lord_Howe', start: '2026-10-04', end: '2026-10-05', first: '2026-10-03T13:30:00.000Z', after: '2026-10-04T13:00:00.000Z'},
  {timeZone: 'Australia/Lord_Howe', start: '2026-04-05', end: '2026-04-06', first: '2026-04-04T13:00:00.000Z', after: '2026-04-05T13:30:00.000Z'},
  {timeZone: 'Pacific/Apia', start: '2011-12-29', end: '2011-12-31', first: '2011-12-29T10:00:00.000Z', after: '2011-12-30T10:00:00.000Z'},
  {timeZone: 'Pacific/Apia', start: '2011-12-29', end: '2011-12-30', first: '2011-12-29T10:00:00.000Z', after: '2011-12-30T10:00:00.000Z'},
  {timeZone: 'Pacific/Apia', start: '2011-12-31', end: '2012-01-01', first: '2011-12-30T10:00:00.000Z', after: '2011-12-31T10:00:00.000Z'},
  {timeZone: 'Atlantic/Azores', start: '2026-10-25', end: '2026-10-26', first: '2026-10-25T00:00:00.000Z', after: '2026-10-26T01:00:00.000Z'},
  {timeZone: 'UTC', start: '2026-10-01', end: '2026-11-01', first: '2026-10-01T00:00:00.000Z', after: '2026-11-01T00:00:00.000Z'},
]

/** Instants a second before and at each edge, by name; those in the period are first and last. */
export function momentsOf({first, after}: PeriodEdges): readonly (readonly [name: 'before' | 'first' | 'last' | 'after', at: Date])[] {
  const [begin, end] = [Date.parse(first), Date.parse(after)]
  return [
    ['before', new Date(begin - 1_000)],
    ['first', new Date(begin)],
    ['last', new Date(end - 1_000)],
    ['after', new Date(end)],
  ]
}

/** The day that Apia never had: no instant lies in it. */
export const EMPTY_DAY = {timeZone: 'Pacific/Apia', start: '2011-12-30', end: '2011-12-31', first: '2011-12-30T10:00:00.000Z', after: '2011-12-30T10:00:00.000Z'} as const satisfies PeriodEdges
