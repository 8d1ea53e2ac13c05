// The exporter's log: JSON lines on stderr; stdout has the result alone.
import {pino} from 'pino'
import type {Logger} from 'pino'
import type {Redact} from './redact.ts'

/** Every line passes `redact` as a whole, so that no field can carry a secret out. Lines are written at once: the last one counts. */
export function createLog(redact: Redact, write: (line: string) => unknown = writeStderr()): Logger {
  const options = {base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: {level: (label: string) => ({level: label})}}
  return pino(options, {write: (line: string) => void write(redact(line))})
}

function writeStderr(): (line: string) => unknown {
  const stderr = pino.destination({dest: 2, sync: true})
  return (line) => stderr.write(line)
}
