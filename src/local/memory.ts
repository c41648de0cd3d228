import { totalmem } from 'node:os'

const mebibyte = 1024 * 1024
/** Shares of the machine's memory for Neo4j, each held between two bounds; the rest is Redis', ours and the system's. */
const heapShare = { percent: 25, minMb: 512, maxMb: 4096 }
const pageCacheShare = { percent: 15, minMb: 256, maxMb: 4096 }

export interface Neo4jMemory {
  heapMb: number
  pageCacheMb: number
}

/** What the settings say, and where they say 0 a share of the machine's memory. */
export function toNeo4jMemory(
  settings: { neo4jHeapMb: number; neo4jPageCacheMb: number },
  memoryBytes: number,
): Neo4jMemory {
  return {
    heapMb: settings.neo4jHeapMb || toShareMb(heapShare, memoryBytes),
    pageCacheMb: settings.neo4jPageCacheMb || toShareMb(pageCacheShare, memoryBytes),
  }
}

function toShareMb(share: typeof heapShare, memoryBytes: number): number {
  const shareMb = Math.floor((memoryBytes / mebibyte) * (share.percent / 100))
  return Math.min(share.maxMb, Math.max(share.minMb, shareMb))
}

/** The memory this process may use: a container's limit where there is one, else the machine's. */
export function readMemoryBytes(): number {
  const limit = process.constrainedMemory()
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem()
}
