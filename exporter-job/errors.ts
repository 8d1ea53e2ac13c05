// An error's class carries its policy: a permanent fault fails the run at once (exit 2), a transient one is retried (exit 3 when used up).
import type {RunError} from '../crds/status.ts'

/** A fault of the run with a stable code for status, metrics and docs/errors.md. */
export abstract class RunFault extends Error {
  abstract readonly transient: boolean
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = code
    this.code = code
  }

  /** As it goes into status; the message is cut to what status allows. */
  toRunError(): RunError {
    return {code: this.code, message: this.message.length > 2048 ? `${this.message.slice(0, 2047)}…` : this.message}
  }
}

/** Nothing but a change of the spec, the data or the destination will help: never retried. */
export class PermanentFault extends RunFault {
  override readonly transient = false
}

/** The same attempt may succeed later. */
export class TransientFault extends RunFault {
  override readonly transient = true
}

/** This run may not publish, for another one has (code AlreadyPublished): phase Rejected, exit 2. */
export class Rejection extends PermanentFault {}
