/** How often the memory is looked at. */
const lookEveryMs = 50

/**
 * Tells when the buffers of this process have grown by more than so many bytes while nothing moved. Neo4j's driver gathers a record
 * until it is whole, whatever its size, and offers no limit: this is the one place where it shows.
 */
export function watchMemory({ bytesMax, exceeded }: { bytesMax: number; exceeded: () => void }) {
  let hasMoved = true
  let before = 0
  const timer = setInterval(() => {
    const { arrayBuffers } = process.memoryUsage()
    if (hasMoved) {
      before = arrayBuffers
      hasMoved = false
    } else if (arrayBuffers - before > bytesMax) {
      clearInterval(timer)
      exceeded()
    }
  }, lookEveryMs)
  return {
    /** Something arrived whole: growth counts from here. */
    moved: () => {
      hasMoved = true
    },
    stop: () => {
      clearInterval(timer)
    },
  }
}
