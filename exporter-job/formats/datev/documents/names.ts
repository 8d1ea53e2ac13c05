// What a file may be called inside a document package: flat, on every system the same, and told apart also where case is not.

/** Endings that DATEV Belege online takes for a document (developer portal, Verwaltungsdatendatei, xsi:type "File"). */
export const FILE_TYPES = ['pdf', 'xml', 'tif', 'tiff', 'bmp', 'csv', 'doc', 'docx', 'gif', 'jpeg', 'jpg', 'ods', 'odt', 'pkcs7', 'png', 'rtf', 'txt', 'xls', 'xlsx'] as const

/** The package's own list, which a document must not be taken for. */
export const LIST_NAME = 'document.xml'

const MAX_NAME = 100
const GRAMMAR = /^[A-Za-z0-9_][A-Za-z0-9 ._-]*(?<![ .])\.[A-Za-z0-9]+$/
/** Windows takes these for devices, whatever their ending. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)\./

/** The rule that a name breaks. */
export function brokenName(name: string): 'DocumentNameNotAllowed' | 'FileTypeNotAllowed' | undefined {
  const key = nameKey(name)
  if (name.length > MAX_NAME || !GRAMMAR.test(name) || DEVICE.test(key) || key === LIST_NAME) return 'DocumentNameNotAllowed'
  return FILE_TYPES.some((type) => key.endsWith(`.${type}`)) ? undefined : 'FileTypeNotAllowed'
}

/** Names with the same key are the same name to Windows. */
export function nameKey(name: string): string {
  return name.toLowerCase()
}

/** The last part of a path; "a/b/" is "a/b". */
export function lastPart(path: string): string {
  return path.split('/').findLast((part) => part !== '') ?? ''
}
