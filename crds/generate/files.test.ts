import {readFile} from 'node:fs/promises'
import {describe, expect, it} from 'vitest'
import {customResourceDefinition} from './crd.ts'
import {generatedFiles} from './files.ts'

const root = new URL('../../', import.meta.url)

describe('generated files', () => {
  it.each(generatedFiles())('$path is not stale (npm run generate)', async ({path, content}) => {
    expect(await readFile(new URL(path, root), 'utf8')).toBe(content)
  })

  it('are the same at every call', () => {
    expect(generatedFiles()).toEqual(generatedFiles())
  })

  it('leave room where kubectl apply keeps the whole definition: an annotation of at most 256 KiB', () => {
    expect(JSON.stringify(customResourceDefinition({})).length).toBeLessThan(224 * 1024)
  })

  it("differ between the chart's definition and the plain one in the annotation that keeps it", () => {
    const [plain, chart] = generatedFiles().map(({content}) => content.split('\n'))
    expect(chart!.filter((line) => !plain!.includes(line))).toEqual(['  annotations:', '    helm.sh/resource-policy: keep'])
    expect(plain!.filter((line) => !chart!.includes(line))).toEqual([])
  })
})
