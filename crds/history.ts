// How a run enters status.history and status.lastRun. Exporter and operator both use it, so that neither undoes what the other said.
import {isDeepStrictEqual} from 'node:util'
import {MAX_CODE, MAX_MESSAGE, TERMINAL_PHASES} from './status.ts'
import type {HistoryEntry, LastRun, Phase, RunError, RunStatus} from './status.ts'
import {cut} from './text.ts'

/** What stays true of a run whoever reports it: a later report that leaves it out does not erase it. */
const LASTING = ['exportId', 'scheduledTime', 'startedAt', 'periodStart', 'periodEnd', 'attempts', 'generation'] as const

/** Whether a run in that phase is over. */
export function isTerminal(phase: Phase): boolean {
  return TERMINAL_PHASES.some((terminal) => terminal === phase)
}

/** Which run: by its Job's name, which is free again once the Job is gone, and by the run's own ID where that is known. */
export type RunKey = Pick<HistoryEntry, 'name' | 'exportId'>

/** Whether both may be the same run: another Job of that name, made by a person, is another run. */
export function isSameRun(a: RunKey, b: RunKey): boolean {
  return a.name === b.name && (a.exportId === undefined || b.exportId === undefined || a.exportId === b.exportId)
}

/** That run, with its files where it is the newest one; undefined where status does not know it. Without an ID it is the newest of that name. */
export function findRun(status: RunStatus | undefined, key: RunKey): LastRun | undefined {
  const {lastRun, history = []} = status ?? {}
  const found = [...(lastRun === undefined ? [] : [lastRun]), ...history].filter((entry) => isSameRun(entry, key))
  return found.find(({exportId}) => exportId === key.exportId) ?? found[0]
}

/**
 * The status with that run put in, or in place of what was known of it: newest first, at most `historyLimit` entries; lastRun is the
 * newest run, with its files and manifest. A run that is over never becomes unfinished again, and one that is Completed stays so: its
 * files are published. An error is cut to what status may hold: the API server would refuse the whole write, and with it every other
 * run's news. Returns the same object where nothing changes, so that the caller can leave the write out.
 */
export function withRun(status: RunStatus, told: LastRun, historyLimit: number): RunStatus {
  const run = told.error === undefined ? told : {...told, error: bounded(told.error)}
  const known = findRun(status, run)
  if (known !== undefined && !maySucceed(known.phase, run.phase)) {
    return status
  }
  const merged = known === undefined ? run : inherit(known, run)
  const others = (status.history ?? []).filter((entry) => known === undefined || !isEntryOf(entry, known))
  const history = [...others, entryOf(merged)].toSorted(newestFirst).slice(0, historyLimit)
  const newest = history[0]
  if (newest === undefined) {
    return status
  }
  const lastRun = [merged, status.lastRun].find((each) => each !== undefined && isEntryOf(newest, each)) ?? newest
  return same({history, lastRun}, {history: status.history, lastRun: status.lastRun}) ? status : {history, lastRun}
}

/** Codes and messages come from the kubelet, the scheduler and databases too. */
function bounded({code, message}: RunError): RunError {
  return {code: cut(code, MAX_CODE) || 'Unknown', message: cut(message, MAX_MESSAGE)}
}

function isEntryOf(entry: RunKey, run: RunKey): boolean {
  return entry.name === run.name && entry.exportId === run.exportId
}

function maySucceed(known: Phase, next: Phase): boolean {
  return known === 'Completed' ? next === 'Completed' : isTerminal(next) || !isTerminal(known)
}

function inherit(known: LastRun, run: LastRun): LastRun {
  const merged: LastRun = {...run}
  for (const key of LASTING) {
    const value = run[key] ?? known[key]
    if (value !== undefined) {
      Object.assign(merged, {[key]: value})
    }
  }
  if (run.phase === 'Completed') {
    merged.files = run.files ?? known.files
    merged.manifest = run.manifest ?? known.manifest
  }
  return merged
}

function entryOf(run: LastRun): HistoryEntry {
  const {files: _files, manifest: _manifest, ...entry} = run
  return entry
}

/** By the slot's time, then by the start; a run with neither is the oldest. Names and IDs decide between equals, so that the order is stable. */
function newestFirst(a: HistoryEntry, b: HistoryEntry): number {
  return (
    time(b.scheduledTime ?? b.startedAt) - time(a.scheduledTime ?? a.startedAt) ||
    time(b.startedAt) - time(a.startedAt) ||
    compare(a.name, b.name) ||
    compare(a.exportId ?? '', b.exportId ?? '')
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

function time(text: string | undefined): number {
  const parsed = text === undefined ? Number.NaN : Date.parse(text)
  return Number.isNaN(parsed) ? 0 : parsed
}

/** As JSON: a field that is undefined is one that is not there. */
function same(a: RunStatus, b: RunStatus): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b)))
}

/**
 * The merge patch from one run status to another. A merge patch keeps what it does not name, so a field of lastRun that is gone
 * (the error of the run before) is set to null.
 */
export function runStatusPatch(before: RunStatus | undefined, after: RunStatus): Record<string, unknown> {
  const gone = Object.keys(before?.lastRun ?? {}).filter((key) => !(key in (after.lastRun ?? {})))
  const nulls = Object.fromEntries(gone.map((key) => [key, null]))
  return {history: after.history ?? [], lastRun: after.lastRun === undefined ? null : {...nulls, ...after.lastRun}}
}
