// Name-based UUIDs (version 5, RFC 9562): the same name is the same UUID, whoever reckons it and whenever.
import {createHash} from 'node:crypto'

/** In lower case. `namespace` are the 16 bytes of a UUID: other ones make others of the same names. */
export function nameBasedUuid(namespace: Uint8Array, name: string): string {
  const bytes = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x50
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
