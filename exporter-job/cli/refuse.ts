// How a call ends that could not even begin: a person reads stderr, a script the last line of stdout.
import {EXIT} from '../../crds/run.ts'
import type {Redact} from '../redact.ts'
import {failureLine} from '../run/result.ts'
import {USAGE, UsageError} from './arguments.ts'

/** What is printed, and the exit code. */
export interface Refusal {
  readonly stderr: string
  readonly stdout: string
  readonly exitCode: number
}

/** A call that cannot be carried out must change; an error that nobody foresaw may pass, and shows where it came from. */
export function refusalOf(error: unknown, redact: Redact): Refusal {
  if (error instanceof UsageError) {
    const {code, message, showUsage} = error
    return {stderr: `${message}\n${showUsage ? `\n${USAGE}\n` : ''}`, stdout: `${failureLine({code, message})}\n`, exitCode: EXIT.permanent}
  }
  const message = redact(`unexpected: ${error instanceof Error ? error.message : String(error)}`)
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return {stderr: `${redact(stack)}\n`, stdout: `${failureLine({code: 'Unexpected', message})}\n`, exitCode: EXIT.transient}
}
