// What the demo prints: calm, in order, with the time since its start.
import {duration} from '../cluster/say.ts'

const started = performance.now()

/** A part of the demo begins. */
export function heading(title: string): void {
  console.log(`\n━━ ${title}  (${duration(performance.now() - started)})\n`)
}

export function line(text: string = ''): void {
  console.log(text)
}

/** Text as it is, set off from what the demo says. */
export function block(text: string): void {
  for (const row of text.trimEnd().split(/\r?\n/)) console.log(`    ${row}`)
}

/** The first lines of a file of long lines, each cut to the terminal's width. */
export function firstLines(text: string, count: number, width: number = (process.stdout.columns ?? 120) - 6): string {
  const lines = text.split(/\r?\n/).filter((row) => row !== '')
  const shown = lines.slice(0, count).map((row) => (row.length > width ? `${row.slice(0, width - 1)}…` : row))
  const rest = lines.length - shown.length
  return [...shown, ...(rest > 0 ? [`… and ${grouped(rest)} lines more`] : [])].join('\n')
}

/** 12345 is "12,345". */
export function grouped(number: number): string {
  return number.toLocaleString('en')
}

/** A fault of the demo with what a person can do about it. */
export class DemoFault extends Error {
  readonly remedy: string

  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'DemoFault'
    this.remedy = remedy
  }
}
