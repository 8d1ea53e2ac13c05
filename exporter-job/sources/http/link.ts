// The Link header (RFC 8288).

/** `<target>; name=value; name="quoted value"`, several of them with commas between. */
const LINK = /\s*<([^>]*)>((?:\s*;\s*[\w!#$&+.^`|~*-]+\s*(?:=\s*(?:"(?:[^"\\]|\\.)*"|[^\s",;]*))?)*)\s*(?:,|$)/y
const PARAMETER = /;\s*([\w!#$&+.^`|~*-]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",;]*)))?\s*/g
const MAX_LENGTH = 16 * 1024

/** The target of the first link with the relation "next"; undefined where there is none, or where the header is not of that form. */
export function nextLink(header: string | undefined): string | undefined {
  if (header === undefined || header.length > MAX_LENGTH) return undefined
  LINK.lastIndex = 0
  for (let match = LINK.exec(header); match !== null && match[0] !== ''; match = LINK.exec(header)) {
    const [, target, parameters = ''] = match
    if (relationsOf(parameters).includes('next')) return target
  }
  return undefined
}

/** The first parameter "rel" counts (RFC 8288, 3.3). */
function relationsOf(parameters: string): readonly string[] {
  for (const [, name = '', quoted, plain = ''] of parameters.matchAll(PARAMETER)) {
    if (name.toLowerCase() === 'rel') return (quoted ?? plain).toLowerCase().split(/\s+/)
  }
  return []
}
