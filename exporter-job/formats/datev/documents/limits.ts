// How much DATEV takes at once: in a document, in a package.

/** Files a document: the schema's `extension`, 1 to 50. */
export const MAX_FILES = 50

/**
 * Bytes of a document, all its files together. DATEV says 20 MB, and neither whether that is a million or 2^20 bytes nor whether a file
 * or a document is meant: this holds in every reading.
 */
export const MAX_DOCUMENT_BYTES = 20_000_000

/** What a package holds at most. */
export interface PackageLimits {
  readonly documents: number
  /** Of the whole archive. */
  readonly bytes: number
  /** Files, the list among them. */
  readonly entries: number
}

/** DATEV's own (465 MB, in millions), and that of a ZIP archive which every reader reads: more entries need ZIP64. */
export const PACKAGE_LIMITS: PackageLimits = {documents: 4_999, bytes: 465_000_000, entries: 65_534}
