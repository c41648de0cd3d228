// Runs on any Node that knows modules, so that a too old one is told in a sentence and not by a syntax error.
const [major, minor] = process.versions.node.split('.').map(Number)

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    'Headwater needs Node.js of at least 20.19; this is ' +
      process.versions.node +
      '. Install a newer one (the current LTS is best) and run again.',
  )
  process.exit(1)
}
