await import('./require-node.mjs')

await import('./ensure-built.mjs')
const { runCypherShell } = await import('../dist/local/cypher-shell.js')
const { LocalError } = await import('../dist/local/local-error.js')

try {
  process.exitCode = await runCypherShell({
    dataDir: process.env.DATA_DIR || '.headwater',
    args: process.argv.slice(2),
    env: process.env,
    say: (line) => console.error(line),
  })
} catch (error) {
  if (!(error instanceof LocalError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
