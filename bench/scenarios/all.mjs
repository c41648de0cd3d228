import { burst } from './burst.mjs'
import { cold } from './cold.mjs'
import { growth } from './growth.mjs'
import { hub } from './hub.mjs'
import { large } from './large.mjs'
import { steady } from './steady.mjs'
import { wide } from './wide.mjs'
import { workers } from './workers.mjs'

/** Every scenario, in the order in which they run. */
export const scenarios = [steady, cold, hub, wide, burst, large, workers, growth]
