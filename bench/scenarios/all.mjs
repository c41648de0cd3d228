import { cold } from './cold.mjs'
import { hub } from './hub.mjs'
import { steady } from './steady.mjs'
import { wide } from './wide.mjs'

/** Every scenario, in the order in which they run. */
export const scenarios = [steady, cold, hub, wide]
