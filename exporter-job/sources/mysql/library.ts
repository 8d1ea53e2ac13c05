// The parts of mysql2 that its typings leave out. They are used for what its public ways cannot do: rows as the bytes that came, without
// an object for each, and TLS that compares the certificate with the URL's host. The version is pinned; test/adapters holds them against it.
import type {Socket} from 'node:net'
import type {Connection, FieldPacket, Query} from 'mysql2'

/** A packet as it lies in the socket's chunk; valid only while it is handed over. */
export interface Packet {
  readonly buffer: Uint8Array
  /** Of the first byte behind the header. */
  readonly offset: number
  readonly end: number
  isEOF(): boolean
}

/** What takes one packet after the other: each call gives the one that takes the next, and nothing after the last. */
type Step = (packet: Packet, connection: RawConnection) => Step | null

/** A text query; `row` takes the packets behind the columns' descriptions, one a row and an EOF. */
export type RawQuery = Query & {row: Step}

/** A column's description (ColumnDefinition41). */
export interface Field {
  readonly name: string
  /** Protocol::ColumnType */
  readonly columnType: number
  readonly columnLength: number
  /** Collation; 63 is binary. */
  readonly characterSet: number
}

export type RawFields = readonly (FieldPacket & Field)[]

export type RawConnection = Connection & {
  stream: Socket
  readonly packetParser: {execute(chunk: Uint8Array): void}
  /** Called when both sides have agreed to change to TLS. */
  startTLS(onSecure: (error?: Error) => void): void
}

/** What prepare() gives. */
export interface RawStatement {
  readonly columns: RawFields
  readonly parameters: readonly unknown[]
}
