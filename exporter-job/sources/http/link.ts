// The Link header (RFC 8288): `<target>; name=value; name="quoted value"`, several of them with commas between.

// Each of them is met at one place only, and no two blanks in a row are met by two of its parts: a header of any kind takes no time.
const TARGET = /[\s,]*<([^>]*)>/y
const PARAMETER = /\s*;(?:\s*([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",;]*)))?)?/y
const END = /\s*(?:,|$)/y

/** The target of the first link with the relation "next"; undefined where there is none. @throws SyntaxError where it is no Link header, so that nobody knows whether there is one */
export function nextLink(header: string): string | undefined {
  let at = 0
  function take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = at
    const match = pattern.exec(header)
    if (match !== null) at = pattern.lastIndex
    return match
  }

  while (header.slice(at).trim() !== '') {
    const target = take(TARGET)?.[1]
    let relation: string | undefined
    for (let parameter = take(PARAMETER); parameter !== null; parameter = take(PARAMETER)) {
      const [, name = '', quoted, plain = ''] = parameter
      // The first parameter "rel" counts (RFC 8288, 3.3).
      if (name.toLowerCase() === 'rel') relation ??= quoted ?? plain
    }
    if (target === undefined || take(END) === null) throw new SyntaxError('no Link header')
    if (isNext(relation)) return target
  }
  return undefined
}

/** Some APIs take apostrophes for quotation marks. */
function isNext(relation = ''): boolean {
  return relation.toLowerCase().replaceAll("'", '').split(/\s+/).includes('next')
}
