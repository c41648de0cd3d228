import boltConnection from 'neo4j-driver-bolt-connection'

/** A value as Bolt writes it: the driver packs it as it stands. */
export interface BoltStructure {
  signature: number
  fields: readonly unknown[]
}

/** What writes the values of a message, in the driver. */
export interface Packer {
  packable: (value: unknown) => () => void
  packBytes: (bytes: Int8Array) => void
  _ch: { writeBytes: (bytes: ChannelBuffer) => void }
}

/** Bytes on their way through the driver, with a position to read from. */
export interface ChannelBuffer {
  length: number
  position: number
}

interface BoltPackage {
  packstream: {
    structure: { Structure: new (signature: number, fields: readonly unknown[]) => BoltStructure }
    v1: { Packer: { new (channel: unknown): Packer; prototype: Packer } }
  }
  channel: { alloc: (sizeOrBytes: number | Buffer) => ChannelBuffer }
}

/** The package that speaks Bolt for the driver: it exports these, and its types do not say so. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- tests pack with them and read it back
export const { packstream, channel } = boltConnection as unknown as BoltPackage
