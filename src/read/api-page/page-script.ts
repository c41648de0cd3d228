/** Runs in the browser. The key stays in the page's memory: it is neither stored nor sent anywhere but to this collector. */
export const pageScript = `
let key = ''
const withKey = (headers) => (key === '' ? headers : { ...headers, Authorization: 'Bearer ' + key })
const form = document.querySelector('form')
async function show() {
  const response = await fetch('/api/openapi.json', { headers: withKey({}) })
  form.hidden = response.ok
  if (!response.ok) return
  SwaggerUIBundle({
    spec: await response.json(),
    dom_id: '#page',
    deepLinking: true,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    validatorUrl: null,
    persistAuthorization: false,
    requestInterceptor: (request) => {
      request.headers = withKey(request.headers)
      return request
    },
  })
}
form.addEventListener('submit', (submitted) => {
  submitted.preventDefault()
  key = form.elements.key.value.trim()
  show()
})
show()
`

export const pageHtml = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Headwater: the API</title>
    <link rel="stylesheet" href="/api/page/swagger-ui.css" />
    <link rel="icon" href="/api/page/favicon-32x32.png" />
  </head>
  <body>
    <form hidden>
      <p>This collector has keys. Enter one that may read.</p>
      <label>Key <input name="key" type="password" autocomplete="off" required /></label>
      <button>Show the API</button>
    </form>
    <div id="page"></div>
    <script src="/api/page/swagger-ui-bundle.js"></script>
    <script src="/api/page/start.js"></script>
  </body>
</html>
`
