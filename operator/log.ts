// The operator's log: one JSON object a line on stdout, secrets redacted.
import {pino} from 'pino'
import type {Level} from 'pino'
import type {Logger} from './reconcile/types.ts'
import {redactLine} from './redact.ts'

export interface LogOptions {
  readonly level: Level | 'silent'
  /** Where lines go; stdout unless a test says otherwise. */
  readonly write?: (line: string) => void
}

/** Writes are synchronous: the last line before the process ends is the one that matters. */
export function createLogger({level, write}: LogOptions): Logger {
  const destination = write === undefined ? pino.destination({dest: 1, sync: true}) : {write}
  return pino(
    {
      level,
      // Strings an alert can be written on, not pino's numbers.
      formatters: {level: (label) => ({level: label})},
      base: null,
      messageKey: 'message',
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      hooks: {streamWrite: redactLine},
    },
    destination,
  )
}
