// The GUID that DATEV knows a document by: in the package's list and in the Beleglink of its bookings.
import {nameBasedUuid} from '../../../../crds/uuid.ts'

/** Of this project alone (RFC 9562, section 6.6): changing it would make other documents of all that DATEV has. */
const NAMESPACE = Buffer.from('c0d7a1f25e3b4b7e8f4a1d96b2e05c38', 'hex')
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Whose documents they are: the same id of another client, or of another export, is another document. */
export interface DocumentOwner {
  readonly consultant: number
  readonly client: number
  readonly exportName: string
}

/** Gives the GUID of a document, in capitals as DATEV writes it. An id that is a GUID stays the one it is. */
export type GuidOf = (id: string) => string

export function guidsOf({consultant, client, exportName}: DocumentOwner): GuidOf {
  // Bookings of one document often follow each other.
  let [lastId, lastGuid] = ['', '']
  return (id) => {
    if (id === lastId) return lastGuid
    lastId = id
    return (lastGuid = (GUID.test(id) ? id : nameBasedUuid(NAMESPACE, `${consultant}/${client}/${exportName}/${id}`)).toUpperCase())
  }
}

/** What a booking's Beleglink holds: the store's code (Belege online) and the GUID. */
export function linkTo(guid: string): string {
  return `BEDI "${guid}"`
}
