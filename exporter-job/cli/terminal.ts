// What a person sees of a run: one line that counts the rows on a terminal, and a sentence for every fault. The result is on stdout.
import {styleText} from 'node:util'
import type {Redact} from '../redact.ts'
import type {RunLog} from '../run/run.ts'

export interface Terminal {
  readonly log: RunLog
  readonly progress: (rows: number) => void
  /** Takes the counting line away. */
  end(): void
}

interface Look {
  /** Begins every line: which run it is. */
  readonly label: string
  readonly redact: Redact
}

const CLEAR = '\r\u001b[2K'
const WIDTH = 24

/** Without a terminal there is no counting line, and what is said has no colours. */
export function createTerminal(stream: NodeJS.WriteStream, {label, redact}: Look): Terminal {
  const started = performance.now()
  let shown = false
  let step = 0

  function clear(): void {
    if (shown) stream.write(CLEAR)
    shown = false
  }
  function say(colour: 'yellow' | 'red', fields: object, message: string): void {
    clear()
    const text = redact(`${label}: ${message}${details(fields)}`)
    stream.write(`${stream.isTTY ? styleText(colour, text) : text}\n`)
  }
  return {
    log: {
      info: () => undefined,
      warn: (fields, message) => {
        say('yellow', fields, message)
      },
      error: (fields, message) => {
        say('red', fields, message)
      },
    },
    progress(rows) {
      if (!stream.isTTY) return
      const rate = rows / Math.max(0.001, (performance.now() - started) / 1000)
      stream.write(`${CLEAR}${label} ${bar(step++)} ${grouped(rows)} rows, ${grouped(rate)} rows/s`)
      shown = true
    },
    end: clear,
  }
}

/** How many rows there will be is not known before they are read, so the bar shows that it goes on, not how far it is. */
function bar(step: number): string {
  const at = step % WIDTH
  return `[${' '.repeat(at)}=${' '.repeat(WIDTH - 1 - at)}]`
}

function grouped(count: number): string {
  return Math.round(count).toLocaleString('en')
}

/** The plain values of a log line, as "(key value, key value)". */
function details(fields: object): string {
  const plain = Object.entries(fields).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
  return plain.length === 0 ? '' : ` (${plain.map(([key, value]) => `${key} ${String(value)}`).join(', ')})`
}
