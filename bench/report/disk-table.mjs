import { toText } from './numbers.mjs'

const bytesOfKb = 1000
const bytesOfMb = 1_000_000

/** What a graph of so many events takes on the disk. */
export function toDiskTable({ events, disk, logBytes }) {
  const toRow = (name, bytes) => [name, toText(bytes / bytesOfMb), toText(bytes / events / bytesOfKb)]
  return {
    title: `On the disk: ${events} events, after the end of the collector`,
    columns: ['', 'MB', 'kB an event'],
    rows: [
      toRow('graph, indexes and log', disk.graph),
      toRow('of it the log: the texts of the events, compressed', logBytes * events),
      toRow('transaction logs, of which Neo4j keeps the newest', disk.transactions),
      toRow('Redis, empty by now: its append-only file, until it is rewritten', disk.redis),
    ],
  }
}
