import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { RequestHandler } from 'express'
import { Problem } from '../../http/problem.ts'
import { writeBody } from '../../http/write-body.ts'
import { pageHtml, pageScript } from './page-script.ts'

const require = createRequire(import.meta.url)
/** Swagger UI as its authors build it, out of our own node_modules: the page asks no other host for anything. */
const assetsDir = dirname(require.resolve('swagger-ui-dist/package.json'))
const assets = new Set(['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'])

/** More than other answers may: everything from here and nothing from elsewhere; Swagger UI writes styles into the page and has its icons as data. */
const securityHeaders = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}

/** GET /api: a page to try what the OpenAPI document describes. It needs no key; what is asked on it does. */
export function answerApiPage(): RequestHandler {
  return (_request, response) => {
    writeBody(response, {
      status: 200,
      contentType: 'text/html; charset=utf-8',
      headers: { ...securityHeaders, 'Cache-Control': 'no-cache' },
      body: pageHtml,
    })
  }
}

/** GET /api/page/{file}: what the page is made of. */
export function answerPageAsset(): RequestHandler {
  return (request, response) => {
    const name = String(request.params['file'])
    if (name === 'start.js') {
      writeBody(response, {
        status: 200,
        contentType: 'text/javascript; charset=utf-8',
        headers: { ...securityHeaders, 'Cache-Control': 'no-cache' },
        body: pageScript,
      })
      return
    }
    if (!assets.has(name))
      throw new Problem('route-unknown', {
        detail: 'The page of the API has no such part. It is at GET /api.',
      })
    response.sendFile(join(assetsDir, name), { headers: securityHeaders, dotfiles: 'allow' })
  }
}
