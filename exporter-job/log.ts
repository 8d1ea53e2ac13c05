// The exporter's log: JSON lines on stderr; stdout has the result alone.
import {pino} from 'pino'
import type {Logger} from 'pino'
import type {Redact} from './redact.ts'

/** Every line passes `redact` as a whole, so that no field can carry a secret out. */
export function createLog(redact: Redact, write: (line: string) => unknown = (line) => process.stderr.write(line)): Logger {
  return pino({base: null, timestamp: pino.stdTimeFunctions.isoTime}, {write: (line: string) => void write(redact(line))})
}
