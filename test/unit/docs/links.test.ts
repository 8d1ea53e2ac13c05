// Every link of every page leads somewhere: to a file of the repository, and to a heading that is there.
import {existsSync} from 'node:fs'
import {readdir, readFile} from 'node:fs/promises'
import {dirname, join, relative, resolve} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect, test} from 'vitest'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
/** Folders that a build or an export makes, and what is not the project's own. */
const LEFT_OUT = new Set(['.git', 'node_modules', 'build', 'dist', 'out'])

async function pages(folder: string): Promise<string[]> {
  const found: string[] = []
  for (const entry of await readdir(folder, {withFileTypes: true})) {
    if (entry.isDirectory() && !LEFT_OUT.has(entry.name)) found.push(...(await pages(join(folder, entry.name))))
    if (entry.isFile() && entry.name.endsWith('.md')) found.push(join(folder, entry.name))
  }
  return found
}

/** Without code, in which brackets mean something else. */
function prose(text: string): string {
  return text.replaceAll(/^( *)(`{3,}|~{3,}).*?^\1\2/gms, '').replaceAll(/`[^`\n]*`/g, '')
}

function linksOf(text: string): string[] {
  const inline = [...prose(text).matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)]
  const defined = [...prose(text).matchAll(/^\[[^\]]+\]:\s*(\S+)/gm)]
  return [...inline, ...defined].map((match) => match[1] ?? '').filter((link) => !/^[a-z]+:/i.test(link))
}

/** The names that a page's headings have in links, as code hosts make them. */
function anchorsOf(text: string): string[] {
  const headings = [...text.replaceAll(/^(`{3,}|~{3,}).*?^\1/gms, '').matchAll(/^#{1,6} +(.+?) *$/gm)].map((match) => match[1] ?? '')
  return headings.map((heading) => heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(/\s/g, '-'))
}

async function problemOf(page: string, link: string): Promise<string | undefined> {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? page : resolve(dirname(page), decodeURIComponent(path))
  if (!existsSync(target)) return `${relative(ROOT, page)}: ${link} is not there`
  if (anchor === undefined || !target.endsWith('.md') || anchorsOf(await readFile(target, 'utf8')).includes(anchor)) return undefined
  return `${relative(ROOT, page)}: ${relative(ROOT, target)} has no heading #${anchor}`
}

test('every link between pages, and from pages to files, leads somewhere', async () => {
  const problems: string[] = []
  let links = 0
  for (const page of await pages(ROOT)) {
    for (const link of linksOf(await readFile(page, 'utf8'))) {
      links += 1
      const problem = await problemOf(page, link)
      if (problem !== undefined) problems.push(problem)
    }
  }
  expect(problems).toEqual([])
  expect(links).toBeGreaterThan(20)
})

test('a link into a code block is none, and a heading is found by its name', () => {
  expect(linksOf('[a](x.md) `[b](y.md)`\n```\n[c](z.md)\n```\n[d](<w.md> "title") [e](https://example.com)')).toEqual(['x.md', 'w.md'])
  expect(anchorsOf('# A `spec.path` of 10 €, once\n```\n# no heading\n```\n## Run now')).toEqual(['a-specpath-of-10--once', 'run-now'])
})
