// The protocol as plain text, for terminals and e-mail.
import type {ProtocolDocument, Table} from './document.ts'

export function protocolText({title, facts, tables}: ProtocolDocument): string {
  const width = Math.max(...facts.map(([label]) => label.length))
  const lines = facts.map(([label, value]) => `${label.padEnd(width)}  ${value}`)
  return `${[title, '='.repeat(title.length), '', ...lines, ...tables.flatMap(tableLines)].join('\n')}\n`
}

function tableLines({title, headings, rows, numeric, remark}: Table): string[] {
  const all = [headings, ...rows]
  const widths = headings.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (numeric.includes(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd()
  return ['', title, '-'.repeat(title.length), line(headings), ...rows.map(line), ...(remark === undefined ? [] : [remark])]
}
