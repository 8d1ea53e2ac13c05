import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {librariesIn} from '../../images/base.ts'
import {defaultBases} from '../../images/engine.ts'
import {checkImports, importsOf, packageOf} from '../../images/imports.ts'
import {PARTS} from '../../images/parts.ts'

describe('importsOf', () => {
  test.each([
    ["import {a} from './a.js'", ['./a.js']],
    ["import a, {b as c} from 'pg'", ['pg']],
    ["import * as yaml from \"yaml\"", ['yaml']],
    ["import './side-effect.js'", ['./side-effect.js']],
    ["export * from '../b.js'\nexport {c} from './c.js'", ['../b.js', './c.js']],
    ["const {d} = await import('./d.js')", ['./d.js']],
    ["import {\n  long,\n  list,\n} from 'node:fs'", ['node:fs']],
    ["export const text = 'import nothing'", []],
  ])('%s', (source, imports) => expect(importsOf(source)).toEqual(imports))
})

test.each([
  ['zod', 'zod'],
  ['zod/v4/core', 'zod'],
  ['@kubernetes/client-node', '@kubernetes/client-node'],
  ['@kubernetes/client-node/dist/x.js', '@kubernetes/client-node'],
])('%s is of package %s', (specifier, name) => expect(packageOf(specifier)).toBe(name))

describe('checkImports', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'imports-test-'))
  })
  afterEach(() => rmSync(folder, {recursive: true}))

  function write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), {recursive: true})
      writeFileSync(join(folder, name), text)
    }
  }

  test('passes where all that the entry reaches is there', async () => {
    write({
      'dist/main.js': "import './lib/a.js'; import 'pg'; import {x} from 'node:fs'",
      'dist/lib/a.js': "import '../main.js'",
      'dist/unused.js': "import 'not-there'",
      'node_modules/pg/package.json': '{}',
    })
    await expect(checkImports(folder, 'dist/main.js')).resolves.toBeUndefined()
  })

  test('names every file and package that is not', async () => {
    write({'dist/main.js': "import './a.js'; import './b.js'", 'dist/a.js': "import '@scope/name'"})
    await expect(checkImports(folder, 'dist/main.js')).rejects.toThrow('not in the image of dist/main.js: package @scope/name, imported by dist/a.js; dist/b.js')
  })
})

test('librariesIn reads the paths that ldd found, the loader among them', () => {
  const output = `\tlinux-vdso.so.1 (0x00007f)
\tlibm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f)
\tlibgone.so => not found
\t/lib64/ld-linux-x86-64.so.2 (0x00007f)\n`
  expect(librariesIn(output)).toEqual(['/lib/x86_64-linux-gnu/libm.so.6', '/lib64/ld-linux-x86-64.so.2'])
})

describe.each(Object.values(PARTS))('$dockerfile', ({dockerfile, entry, name, nodeOptions}) => {
  const text = readFileSync(join(import.meta.dirname, '../../..', dockerfile), 'utf8')

  test('has replaceable bases', () => expect(defaultBases(text)).toHaveLength(2))

  test('runs what the archives run', () => {
    expect(text).toContain(`ENTRYPOINT ${JSON.stringify(['/nodejs/bin/node', ...nodeOptions, `/app/dist/${entry}`]).replaceAll('","', '", "')}`)
    expect(text).toContain(`node test/images/stage.ts ${name} /stage`)
  })

  test('does not run as root', () => expect(text).toMatch(/^USER 65532:65532$/m))
})
