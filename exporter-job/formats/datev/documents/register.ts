// The documents of a run by their GUIDs: every link that is made has its document, and documents without a link are known. It takes some
// hundred bytes a document, and nothing a booking.

/** Where a document begins in its dataset. */
export interface DocumentPlace {
  readonly row: number
  readonly id: string
}

export interface Register {
  /** False where the document was there already. */
  add(guid: string, place: DocumentPlace): boolean
  /** Notes that a booking is linked; false where there is no such document. */
  link(guid: string): boolean
  has(guid: string): boolean
  /** In the order of the dataset. */
  unlinked(): IterableIterator<DocumentPlace>
}

export function createRegister(): Register {
  const guids = new Set<string>()
  const unlinked = new Map<string, DocumentPlace>()
  return {
    add(guid, place) {
      if (guids.has(guid)) return false
      guids.add(guid)
      unlinked.set(guid, place)
      return true
    },
    link(guid) {
      unlinked.delete(guid)
      return guids.has(guid)
    },
    has: (guid) => guids.has(guid),
    unlinked: () => unlinked.values(),
  }
}
