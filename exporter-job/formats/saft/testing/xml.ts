// A reader of XML for tests, written from the rules of XML 1.0 and knowing nothing of the writer: elements and text, no attributes but on
// the root, no comments, no CDATA. Whatever else it meets is an error.

export interface XmlElement {
  readonly name: string
  readonly text: string
  readonly children: readonly XmlElement[]
}

interface Open {
  readonly name: string
  text: string
  readonly children: XmlElement[]
}

const ENTITIES: Readonly<Record<string, string>> = {amp: '&', lt: '<', gt: '>', quot: '"', apos: "'"}
/** What XML 1.0 takes: production 2. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u

/** The root element of a document in the encoding that it declares. */
export function readXml(bytes: Uint8Array): XmlElement {
  const [declaration = '', encoding = ''] = /^<\?xml version="1\.0" encoding="([\w-]+)"\?>\n/.exec(Buffer.from(bytes).toString('latin1')) ?? []
  if (declaration === '') throw new Error('there is no XML declaration')
  const text = new TextDecoder(encoding, {fatal: true, ignoreBOM: true}).decode(bytes).slice(declaration.length)
  const forbidden = FORBIDDEN.exec(text)
  if (forbidden !== null) throw new Error(`a character that XML does not take at ${forbidden.index}`)
  const document: Open = {name: '', text: '', children: []}
  const open = [document]
  for (const token of text.match(/<[^>]*>|[^<]+/g) ?? []) take(token, open)
  if (open.length !== 1 || document.children.length !== 1 || document.text.trim() !== '') throw new Error('not one root element')
  return document.children[0]!
}

function take(token: string, open: Open[]): void {
  const top = open.at(-1)!
  if (!token.startsWith('<')) {
    top.text += unescape(token)
    return
  }
  const [, slash, name = '', attributes = ''] = /^<(\/?)([A-Za-z]\w*)((?: xmlns="[^"<&]*")?)>$/.exec(token) ?? []
  if (name === '' || (attributes !== '' && open.length > 1)) throw new Error(`no tag: ${token}`)
  if (slash === '') {
    open.push({name, text: '', children: []})
    return
  }
  if (top.name !== name) throw new Error(`${token} closes ${top.name}`)
  if (top.children.length > 0 && top.text !== '') throw new Error(`${name} has text beside elements`)
  open.pop()
  open.at(-1)!.children.push(top)
}

function unescape(text: string): string {
  if (text.includes(']]>')) throw new Error(']]> in text')
  return text.replaceAll(/&([^;]*)(;?)/g, (_, entity: string, end: string) => {
    const character = ENTITIES[entity]
    if (character === undefined || end === '') throw new Error(`no entity: &${entity}`)
    return character
  })
}

/** Every element at that path below `element`: all(root, 'MasterFiles/Customers/Customer'). */
export function all(element: XmlElement, path: string): XmlElement[] {
  return path
    .split('/')
    .reduce<XmlElement[]>((found, name) => found.flatMap(({children}) => children.filter((child) => child.name === name)), [element])
}

/** The text of the only element at that path; undefined where there is none. */
export function textAt(element: XmlElement, path: string): string | undefined {
  const found = all(element, path)
  if (found.length > 1) throw new Error(`${found.length} elements at ${path}`)
  return found[0]?.text
}
