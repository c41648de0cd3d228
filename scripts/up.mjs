import { fileURLToPath } from 'node:url'

await import('./require-node.mjs')

await import('./ensure-built.mjs')

// In this very process: it gets the terminal's signals itself, and nothing stands between.
const main = new URL('../dist/main.js', import.meta.url)
process.argv.splice(1, 1, fileURLToPath(main), 'up')
await import(main.href)
