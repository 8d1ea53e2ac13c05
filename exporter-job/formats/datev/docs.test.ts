// The pages that users read name every column as the code does. After a change: vitest run -u exporter-job/formats/datev/docs
import {readFileSync} from 'node:fs'
import {expect, test} from 'vitest'
import {transliterations} from '../values/transliterate.ts'
import type {Category} from './categories.ts'
import {STACK} from './categories.ts'
import {MASTER_DATA} from './master-categories.ts'

const INTRODUCTION = `# DATEV's columns and their names

What a dataset's column may be called to fill a column of DATEV, beside the canonical names in [datasets](datasets.md), and what
\`spec.format.datev.columns\` (Buchungsstapel) and \`masterColumns\` (the other categories) take as \`to\`. A Leerfeld stays empty and is left out here.
`

function section({file, columns, datasets}: Category): string {
  const rows = columns
    .filter(({kind}) => kind !== 'reserved')
    .map(({name, heading, required, from}) => `| \`${name}\` | ${heading} | ${from === undefined ? '' : `\`${from}\``} | ${required ? 'yes' : ''} |`)
  const from = datasets.map((dataset) => `\`${dataset}\``).join(' and ')
  return `\n## ${file}, from ${from}\n\n| name | heading | canonical | required |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`
}

test('docs/datev-columns.md lists every column of every category', async () => {
  const text = INTRODUCTION + [STACK, ...MASTER_DATA].map(section).join('')
  await expect(text).toMatchFileSnapshot('../../../docs/datev-columns.md')
})

test('docs/transliteration.md lists every character of the table', async () => {
  const byText = new Map<string, string[]>()
  for (const [character, text] of transliterations()) byText.set(text, [...(byText.get(text) ?? []), character])
  const rows = [...byText].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([text, characters]) => `| ${shown(text)} | ${characters.map(shown).join(' ')} |`)
  const introduction =
    '# Transliteration\n\nWith `unmappable: Transliterate`, what is written in a file of Windows-1252 for characters that it lacks. Text is composed first (NFC). ' +
    'Whatever is not listed here is refused.\n'
  await expect(`${introduction}\n| written | for |\n| --- | --- |\n${rows.join('\n')}\n`).toMatchFileSnapshot('../../../docs/transliteration.md')
})

/** Blanks, dashes and quotation marks cannot be told apart by the eye. */
function shown(text: string): string {
  if (Array.from(text).length > 1 || /^[\p{L}\p{N}]$/u.test(text)) return `\`${text}\``
  return `U+${text.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`
}

test.each([STACK, ...MASTER_DATA])('docs/datasets.md says which canonical columns $file takes', ({columns}) => {
  const page = readFileSync(new URL('../../../docs/datasets.md', import.meta.url), 'utf8')
  const missing = columns.flatMap(({from}) => from ?? []).filter((name) => !page.includes(`\`${name}\``))
  expect(missing).toEqual([])
})
