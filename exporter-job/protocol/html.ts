// The protocol as one HTML page: no script, nothing loaded from elsewhere, readable on a narrow screen, in the dark and on paper.
import type {ProtocolDocument, Table} from './document.ts'

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #59636e; --line: #d1d9e0; --paper: #fff; --stripe: #f6f8fa; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9198a1; --line: #3d444d; --paper: #0d1117; --stripe: #151b23; } }
* { box-sizing: border-box; }
body { margin: 2rem auto; max-width: 62rem; padding: 0 1rem; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 1.5rem; }
h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; break-after: avoid; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.5rem; margin: 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { padding: .3rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { color: var(--soft); font-weight: 600; white-space: nowrap; }
td { overflow-wrap: anywhere; }
.number { text-align: right; white-space: nowrap; overflow-wrap: normal; }
tbody tr:nth-child(even) { background: var(--stripe); }
tbody tr.sum { background: none; font-weight: 600; }
tbody .sum.first td { border-top: 2px solid var(--soft); }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .5rem; } body { margin: 1rem auto; } }
@media print {
  @page { margin: 18mm 14mm; }
  :root { color-scheme: light; --ink: #000; --soft: #333; --line: #999; --paper: #fff; --stripe: #fff; }
  body { margin: 0; max-width: none; padding: 0; font-size: 9.5pt; }
  .wide { overflow: visible; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
}`

export function protocolHtml({language, title, facts, tables}: ProtocolDocument): string {
  const list = facts.map(([label, value]) => `<dt>${escape(label)}</dt><dd>${escape(value)}</dd>`).join('\n')
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escape(title)}</title>
<style>${STYLE}
</style>
</head>
<body>
<h1>${escape(title)}</h1>
<dl>
${list}
</dl>
${tables.map(tableHtml).join('\n')}
</body>
</html>
`
}

function tableHtml({title, headings, rows, numeric, sums = 0, remark}: Table): string {
  const firstSum = rows.length - sums
  const cell = (tag: 'th' | 'td', text: string, column: number): string => {
    const scope = tag === 'th' ? ' scope="col"' : ''
    return `<${tag}${scope}${numeric.includes(column) ? ' class="number"' : ''}>${escape(text)}</${tag}>`
  }
  const row = (tag: 'th' | 'td', cells: readonly string[], kind = ''): string => `<tr${kind}>${cells.map((text, column) => cell(tag, text, column)).join('')}</tr>`
  return `<h2>${escape(title)}</h2>
<div class="wide"><table>
<caption>${escape(title)}</caption>
<thead>${row('th', headings)}</thead>
<tbody>
${rows.map((cells, index) => row('td', cells, index < firstSum ? '' : ` class="sum${index === firstSum ? ' first' : ''}"`)).join('\n')}
</tbody>
</table></div>${remark === undefined ? '' : `\n<p>${escape(remark)}</p>`}`
}

const ENTITIES: Readonly<Record<string, string>> = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;'}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!)
}
