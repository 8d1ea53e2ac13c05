// An independent reader of document.xml, from what DATEV publishes of it: elements and attributes in their order, nothing else. It knows no
// DTD, no comments and no CDATA: whatever it does not know is an error.

export interface ReadDocument {
  readonly guid: string
  readonly processID: string
  readonly type: string | undefined
  readonly files: readonly string[]
  /** Kategorie, Ordner, Register; empty where there is no repository. */
  readonly repository: readonly string[]
}

export interface ReadList {
  readonly date: string
  readonly generatingSystem: string
  readonly documents: readonly ReadDocument[]
}

interface Node {
  readonly name: string
  readonly attributes: Attributes
  readonly children: Node[]
  text: string
}

const NAMESPACE = 'http://xml.datev.de/bedi/tps/document/v06.0'
const ENTITIES: Readonly<Record<string, string>> = {amp: '&', lt: '<', gt: '>', quot: '"', apos: "'"}
const GUID = /^[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}$/

export function readList(bytes: Uint8Array): ReadList {
  const archive = readXml(new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes))
  const {generatingSystem = '', ...attributes} = archive.attributes
  require('archive', archive.name === 'archive', attributes, {
    xmlns: NAMESPACE,
    'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
    'xsi:schemaLocation': `${NAMESPACE} Document_v060.xsd`,
    version: '6.0',
  })
  const [header, content] = named(archive, ['header', 'content'])
  const [date] = named(header!, ['date'])
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(date!.text)) throw new Error(`date ${date!.text}`)
  const documents = content!.children.map(readDocument)
  if (documents.length < 1 || documents.length > 4_999) throw new Error(`${documents.length} documents`)
  return {date: date!.text, generatingSystem, documents}
}

function readDocument({name, attributes, children}: Node): ReadDocument {
  const {guid = '', processID = '', type, ...others} = attributes
  require('document', name === 'document' && GUID.test(guid), others, {})
  if (type !== undefined && !/^[12]$/.test(type)) throw new Error(`type ${type}`)
  const extensions = children.filter((child) => child.name === 'extension')
  const rest = children.slice(extensions.length)
  if (extensions.length < 1 || extensions.length > 50 || children.indexOf(extensions.at(-1)!) !== extensions.length - 1) throw new Error('extensions come first, 1 to 50')
  if (rest.length !== (processID === '2' ? 1 : 0)) throw new Error(`processID ${processID} with ${rest.length} repositories`)
  const files = extensions.map(({attributes: {name: file = '', ...more}}) => {
    require('extension', file !== '', more, {'xsi:type': 'File'})
    return file
  })
  return {guid, processID, type, files, repository: rest.flatMap(readRepository)}
}

function readRepository(repository: Node): string[] {
  if (repository.name !== 'repository') throw new Error(repository.name)
  return named(repository, ['level', 'level', 'level']).map(({attributes: {name = '', ...more}}, index) => {
    require('level', name !== '', more, {id: String(index + 1)})
    return name
  })
}

type Attributes = Readonly<Record<string, string>>

function require(what: string, isRight: boolean, attributes: Attributes, wanted: Attributes): void {
  const names = Object.keys(wanted)
  if (!isRight || Object.keys(attributes).length !== names.length || names.some((name) => attributes[name] !== wanted[name])) {
    throw new Error(`${what} ${JSON.stringify(attributes)}`)
  }
}

function named({name, children}: Node, names: readonly string[]): readonly Node[] {
  if (children.map((child) => child.name).join() !== names.join()) throw new Error(`${name} holds ${children.map((child) => child.name).join()}`)
  return children
}

function readXml(text: string): Node {
  const [declaration] = /^<\?xml version="1\.0" encoding="UTF-8"\?>\n/.exec(text) ?? []
  if (declaration === undefined) throw new Error('no declaration')
  const open: Node[] = [{name: '', attributes: {}, children: [], text: ''}]
  for (const token of text.slice(declaration.length).match(/<[^>]*>|[^<]+/g) ?? []) take(token, open)
  const [document] = open
  if (open.length !== 1 || document!.children.length !== 1) throw new Error('not one root')
  return document!.children[0]!
}

function take(token: string, open: Node[]): void {
  const top = open.at(-1)!
  if (!token.startsWith('<')) {
    if (token.trim() !== '') top.text += unescape(token)
    return
  }
  const [, slash, name = '', attributes = '', empty] = /^<(\/?)([A-Za-z]+)((?: [A-Za-z:]+="[^"<]*")*)(\/?)>$/.exec(token) ?? []
  if (name === '') throw new Error(`no tag: ${token}`)
  if (slash === '/') {
    if (top.name !== name) throw new Error(`${token} closes ${top.name}`)
    open.pop()
    return
  }
  const pairs = [...attributes.matchAll(/ ([A-Za-z:]+)="([^"]*)"/g)].map(([, key, value]) => [key!, unescape(value!)] as const)
  if (new Set(pairs.map(([key]) => key)).size !== pairs.length) throw new Error(`an attribute twice: ${token}`)
  const node: Node = {name, attributes: Object.fromEntries(pairs), children: [], text: ''}
  top.children.push(node)
  if (empty === '') open.push(node)
}

function unescape(text: string): string {
  return text.replaceAll(/&([^;]*)(;?)/g, (_, entity: string, end: string) => {
    const character = ENTITIES[entity]
    if (character === undefined || end === '') throw new Error(`no entity: &${entity}`)
    return character
  })
}
