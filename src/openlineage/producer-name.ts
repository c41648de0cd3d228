/** Who wrote an event: the `producer` URI, taken apart. */
export interface ProducerName {
  /** `OpenLineage/OpenLineage integration/spark`, `apache/airflow providers-openlineage`, `example.com/loader`. */
  name: string
  /** As the URI has it; undefined where it names none. */
  version: string | undefined
}

/** A longer text is no URI that anybody wrote, and is not taken apart. */
const charsMax = 1000
/** `1.53.0`, `v1-0-0`, `1.20.0-SNAPSHOT`, `2.1.0rc1`. */
const versionPattern = /^v?\d+(?:[.-]\d+)+(?:[.+-]?[0-9A-Za-z][0-9A-Za-z.+-]*)?$/
/** `v2`: a version at the end of a path only, for elsewhere it is that of an API. */
const shortVersionPattern = /^v\d+$/
/** `loader-1.2.0`, `loader@1.2`. */
const joinedPattern = /^(.*[^\d._@-])[-_@](v?\d+\.\d[0-9A-Za-z.+-]*)$/

/**
 * Takes a producer's URI apart. Most are addresses of source code at a version, with the integration as a path:
 * `https://github.com/OpenLineage/OpenLineage/tree/1.53.0/integration/spark`. What has another form keeps its text, with the
 * version taken out where there is one.
 */
export function toProducerName(producer: string): ProducerName {
  if (producer.length > charsMax) return { name: `${producer.slice(0, charsMax)}…`, version: undefined }
  const { host, path, version } = splitUri(producer.trim())
  const segments = path.split('/').filter((segment) => segment !== '')
  const marker = segments.findIndex((segment, index) => index >= 2 && /^(?:tree|blob)$/.test(segment))
  if (host !== '' && marker !== -1) {
    const project = segments.slice(0, marker).filter((segment) => segment !== '-')
    return toSourceName(project.join('/'), segments.slice(marker + 1))
  }
  const found = version === undefined ? takeVersion(segments) : { segments, version }
  const name = [host, ...found.segments].filter((part) => part !== '').join('/')
  return { name: name === '' ? producer : name, version: found.version }
}

function splitUri(text: string): { host: string; path: string; version: string | undefined } {
  const [, host = '', rest = text] = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)(.*)$/i.exec(text) ?? []
  const [path = '', query = ''] = rest.split('#')[0]?.split('?') ?? []
  return { host, path, version: new URLSearchParams(query).get('version') ?? undefined }
}

/** Behind `tree`: a branch, a tag or a commit, which may have slashes in it, and the path of the integration. */
function toSourceName(project: string, rest: readonly string[]): ProducerName {
  const found = takeVersion(rest)
  const [branch, ...path] = rest
  const { segments, version } = found.version === undefined ? { segments: path, version: branch } : found
  return { name: segments.length === 0 ? project : `${project} ${segments.join('/')}`, version }
}

function takeVersion(segments: readonly string[]): { segments: string[]; version: string | undefined } {
  const last = segments.length - 1
  const position = segments.findIndex(
    (segment, index) =>
      versionPattern.test(segment) || (index === last && index > 0 && shortVersionPattern.test(segment)),
  )
  if (position !== -1) {
    // `…/version/1.0` names it twice.
    const isNamed = /^versions?$/i.test(segments[position - 1] ?? '')
    return {
      segments: segments.filter((_, index) => index !== position && !(isNamed && index === position - 1)),
      version: segments[position],
    }
  }
  const [, name, version] = joinedPattern.exec(segments[last] ?? '') ?? []
  return name === undefined
    ? { segments: [...segments], version: undefined }
    : { segments: [...segments.slice(0, -1), name], version }
}
