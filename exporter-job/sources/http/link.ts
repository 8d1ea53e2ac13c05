// The Link header (RFC 8288).

/** `<target>; name=value; name="quoted value"`, several of them with commas between. */
const LINK = /\s*<([^>]*)>((?:\s*;\s*[\w!#$&+.^`|~*-]+\s*(?:=\s*(?:"(?:[^"\\]|\\.)*"|[^\s",;]*))?)*)\s*(?:,|$)/y
const REL = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]*))/i
const MAX_LENGTH = 16 * 1024

/** The target of the first link with the relation "next"; undefined where there is none, or where the header is not of that form. */
export function nextLink(header: string | undefined): string | undefined {
  if (header === undefined || header.length > MAX_LENGTH) return undefined
  LINK.lastIndex = 0
  for (let match = LINK.exec(header); match !== null && match[0] !== ''; match = LINK.exec(header)) {
    const [, target, parameters = ''] = match
    const [, quoted, plain] = REL.exec(parameters) ?? []
    if ((quoted ?? plain ?? '').toLowerCase().split(/\s+/).includes('next')) return target
  }
  return undefined
}
