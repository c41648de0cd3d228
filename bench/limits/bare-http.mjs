// The least that a receiver in Node.js does: takes a body, parses it, answers. A process of its own, as a receiver is.
import { createServer } from 'node:http'

process.on('disconnect', () => process.exit(0))
const server = createServer((request, response) => {
  const parts = []
  request.on('data', (part) => parts.push(part))
  request.on('end', () => {
    const { run } = JSON.parse(Buffer.concat(parts).toString())
    response.writeHead(201, { 'Content-Type': 'application/json' })
    response.end(JSON.stringify({ id: run?.runId }))
  })
})
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))
