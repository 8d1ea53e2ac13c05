// XML by functions: enough for index.xml, which is small.
import {PermanentFault} from '../../errors.ts'

/** An element with text, or with elements in it; one that has nothing is written as <name/>. */
export interface Element {
  readonly name: string
  readonly content: string | readonly Element[]
}

export function element(name: string, content: string | readonly (Element | undefined)[] = ''): Element {
  return {name, content: typeof content === 'string' ? content : content.filter((child) => child !== undefined)}
}

/** The document, two blanks a level. @throws PermanentFault NameRefused: a character that XML cannot hold */
export function xmlDocument(doctype: string, root: Element): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${doctype}\n${lines(root, '').join('\n')}\n`
}

function lines({name, content}: Element, indent: string): string[] {
  if (content === '') return [`${indent}<${name}/>`]
  if (typeof content === 'string') return [`${indent}<${name}>${xmlText(content)}</${name}>`]
  return [`${indent}<${name}>`, ...content.flatMap((child) => lines(child, `${indent}  `)), `${indent}</${name}>`]
}

const ENTITIES: Readonly<Record<string, string>> = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;', '\n': '&#10;', '\t': '&#9;'}

/** Text between tags; line ends as references, for a reader makes one character of CR and LF. */
export function xmlText(text: string): string {
  // What XML 1.0 takes; a surrogate that lacks its other half is none of it.
  if (/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.test(text)) {
    throw new PermanentFault('NameRefused', `${JSON.stringify(text)} holds a character that XML cannot hold: give the column or table another name`)
  }
  return text.replaceAll(/[&<>\r\n\t]/g, (character) => ENTITIES[character]!)
}
