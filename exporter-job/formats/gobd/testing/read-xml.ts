// A small XML reader for tests: elements and text, no attributes, references resolved. Whatever else there is throws.

export interface Node {
  readonly name: string
  readonly children: readonly Node[]
  /** What stands directly in it; blank where elements do. */
  readonly text: string
}

export interface XmlDocument {
  readonly doctype: string
  readonly root: Node
}

const REFERENCES: Readonly<Record<string, string>> = {lt: '<', gt: '>', amp: '&'}

export function readXml(text: string): XmlDocument {
  const [, doctype = '', body = ''] = /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<!DOCTYPE DataSet SYSTEM "([^"]+)">\n([^]*)$/.exec(text) ?? []
  if (doctype === '') throw new Error('the prolog is not as it must be')
  const {node, end} = readElement(body, 0)
  if (body.slice(end).trim() !== '') throw new Error('something follows the root')
  return {doctype, root: node}
}

function readElement(body: string, start: number): {node: Node; end: number} {
  const opening = /^<([A-Za-z0-9]+)(\/?)>/.exec(body.slice(start, start + 100))
  if (opening === null) throw new Error(`at ${start}: ${JSON.stringify(body.slice(start, start + 30))} opens no element`)
  const name = opening[1]!
  let at = start + opening[0].length
  if (opening[2] === '/') return {node: {name, children: [], text: ''}, end: at}
  const children: Node[] = []
  let content = ''
  for (;;) {
    const next = body.indexOf('<', at)
    if (next < 0) throw new Error(`${name} is not closed`)
    content += resolve(body.slice(at, next))
    if (body.startsWith('</', next)) {
      if (!body.startsWith(`</${name}>`, next)) throw new Error(`at ${next}: ${name} is not closed before something else is`)
      return {node: {name, children, text: content}, end: next + name.length + 3}
    }
    const child = readElement(body, next)
    children.push(child.node)
    at = child.end
  }
}

function resolve(text: string): string {
  if (/[>\r]/.test(text)) throw new Error(`${JSON.stringify(text)} is not escaped`)
  return text.replaceAll(/&([^;]*);?/g, (whole, reference: string) => {
    const character = reference.startsWith('#') ? String.fromCodePoint(Number(reference.slice(1))) : REFERENCES[reference]
    if (character === undefined || !whole.endsWith(';')) throw new Error(`${whole} is no reference`)
    return character
  })
}

/** What the description standard allows inside an element, as a pattern over the names of its children. */
const TYPE = '(Numeric |(AlphaNumeric (MaxLength )?)|Date )'
const CONTENT: Readonly<Record<string, RegExp>> = {
  DataSet: /^(Extension )*Version (DataSupplier )?(Command )*(Media )+(Command )*$/,
  DataSupplier: /^Name Location Comment $/,
  Media: /^Name (Command )*(Table )*(Command )*(AcceptNoTables )?$/,
  Table:
    /^URL (Name )?(Description )?(Validity )?((ANSI|Macintosh|OEM|UTF16|UTF7|UTF8) )?(DecimalSymbol DigitGroupingSymbol )?(SkipNumBytes )?(Range )?(Epoch )?(VariableLength|FixedLength) $/,
  VariableLength:
    /^(ColumnDelimiter )?(RecordDelimiter )?(TextEncapsulator )?(((VariablePrimaryKey )+(VariableColumn )*)|(VariableColumn )+)(ForeignKey )*$/,
  VariablePrimaryKey: new RegExp(`^Name (Description )?${TYPE}(Map )*$`),
  VariableColumn: new RegExp(`^Name (Description )?${TYPE}(Map )*$`),
  Numeric: /^((ImpliedAccuracy|Accuracy) )?$/,
  Date: /^(Format )?$/,
  ForeignKey: /^(Name )+References (Alias )*$/,
  Alias: /^From To $/,
  Validity: /^Range (Format )?$/,
  Range: /^From ((To|Length) )?$/,
}
const EMPTY = new Set(['ANSI', 'UTF8', 'AlphaNumeric'])

/** Throws for the first element whose content the standard does not allow. */
export function requireStandard(node: Node): void {
  const names = node.children.map(({name}) => `${name} `).join('')
  const content = CONTENT[node.name]
  if (content === undefined) {
    if (names !== '' || (EMPTY.has(node.name) && node.text !== '')) throw new Error(`${node.name} must not hold ${names || node.text}`)
    return
  }
  if (!content.test(names) || node.text.trim() !== '') throw new Error(`${node.name} must not hold ${names}${node.text.trim()}`)
  node.children.forEach(requireStandard)
}

/** The children of that name. */
export function all(node: Node, name: string): Node[] {
  return node.children.filter((child) => child.name === name)
}

/** The text at the end of a path of names; undefined where there is none. */
export function textAt(node: Node, ...path: readonly string[]): string | undefined {
  const [name, ...rest] = path
  if (name === undefined) return node.text
  const child = node.children.find((each) => each.name === name)
  return child === undefined ? undefined : textAt(child, ...rest)
}
