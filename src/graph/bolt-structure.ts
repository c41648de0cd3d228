import boltConnection from 'neo4j-driver-bolt-connection'

/** A value as Bolt writes it: the driver packs it as it stands. */
interface BoltStructure {
  signature: number
  fields: readonly unknown[]
}

interface BoltPackage {
  packstream: {
    structure: { Structure: new (signature: number, fields: readonly unknown[]) => BoltStructure }
  }
}

// The package that speaks Bolt for the driver exports it, and its types do not say so.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a test packs one and reads it back
const { Structure } = (boltConnection as unknown as BoltPackage).packstream.structure

/** What Bolt 5 calls a DATETIME with an offset: seconds since 1970 in UTC, nanoseconds, seconds of the offset. */
const dateTimeSignature = 0x49

/**
 * A ZONED DATETIME, ready to be packed. The driver would take its own DateTime apart in some thirty steps of 64-bit arithmetic, each an
 * object of its own: of 15 times an event that was a fifth of a worker's garbage.
 */
export function toDateTimeStructure(seconds: unknown, nanoseconds: unknown, offset: unknown): BoltStructure {
  return new Structure(dateTimeSignature, [seconds, nanoseconds, offset])
}
