/** Where the Redis of a queue is, as REDIS_URL tells: one server, one that Sentinels know by a name, or a Redis Cluster. */
export type RedisAddress = AloneAddress | SentinelAddress | ClusterAddress

export interface AloneAddress {
  kind: 'alone'
  url: string
}

export interface RedisNode {
  host: string
  port: number
}

interface Access {
  username: string | undefined
  password: string | undefined
  isTls: boolean
}

export interface SentinelAddress extends Access {
  kind: 'sentinel'
  sentinels: readonly RedisNode[]
  /** What the Sentinels call the primary. */
  name: string
  database: number
  /** The Sentinels' own user, apart from that of the Redis they watch. */
  sentinelUsername: string | undefined
  sentinelPassword: string | undefined
}

export interface ClusterAddress extends Access {
  kind: 'cluster'
  /** Some of its nodes: they tell of the others. */
  nodes: readonly RedisNode[]
}

/** A REDIS_URL that cannot be understood; the message repeats nothing of it, as it may hold a password. */
export class RedisUrlUnclear extends Error {
  override name = 'RedisUrlUnclear'
}

const defaultPort = 6379
const defaultSentinelPort = 26_379
const portMax = 65_535
const clusterExample = 'redis+cluster://node-1:6379,node-2:6379,node-3:6379'
const sentinelExample = 'redis+sentinel://sentinel-1:26379,sentinel-2:26379,sentinel-3:26379/mymaster'
const sentinelParameters = ['sentinelUsername', 'sentinelPassword']

/** @throws {RedisUrlUnclear} saying what to write instead */
export function readRedisAddress(url: string): RedisAddress {
  const match = /^(rediss?)\+(cluster|sentinel):\/\/([^?]*)(?:\?(.*))?$/.exec(url)
  if (match === null) return readAlone(url)
  const [, scheme, kind, place = '', query = ''] = match
  const { access, hosts, path } = cutPlace(place)
  const common = { ...access, isTls: scheme === 'rediss' }
  if (kind === 'sentinel') return readSentinel({ ...common, hosts, path, query })
  if (path !== '' || query !== '')
    throw new RedisUrlUnclear(`REDIS_URL of a cluster ends with its nodes, such as ${clusterExample}.`)
  return {
    kind: 'cluster',
    nodes: readNodes(hosts, { port: defaultPort, example: clusterExample }),
    ...common,
  }
}

function readAlone(url: string): AloneAddress {
  const isUnknown = /^\w+\+/.test(url)
  const hasSeveralHosts = /^rediss?:\/\/([^/?]*@)?[^@/?]*,/.test(url)
  if (!isUnknown && !hasSeveralHosts) return { kind: 'alone', url }
  throw new RedisUrlUnclear(
    `REDIS_URL with several hosts is ${clusterExample} or ${sentinelExample}, with rediss+ for TLS.`,
  )
}

function cutPlace(place: string): { access: Omit<Access, 'isTls'>; hosts: string; path: string } {
  const at = place.lastIndexOf('@')
  const [hosts = '', ...path] = place.slice(at + 1).split('/')
  const user = at === -1 ? '' : place.slice(0, at)
  const colon = user.indexOf(':')
  const username = decode(colon === -1 ? user : user.slice(0, colon))
  const password = colon === -1 ? undefined : decode(user.slice(colon + 1))
  return { access: { username, password }, hosts, path: path.join('/') }
}

/** Undefined where there is nothing: an empty user name is not that of a user. */
function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text) || undefined
  } catch {
    throw new RedisUrlUnclear(
      'REDIS_URL has a % in its user or password that begins no character: write %25.',
    )
  }
}

function readSentinel({
  hosts,
  path,
  query,
  ...access
}: Access & { hosts: string; path: string; query: string }): SentinelAddress {
  const [name = '', database = '0', ...rest] = path.split('/')
  const parameters = new URLSearchParams(query)
  const isUnclear = name === '' || rest.length > 0 || !/^\d+$/.test(database)
  if (isUnclear || [...parameters.keys()].some((key) => !sentinelParameters.includes(key))) {
    throw new RedisUrlUnclear(
      `REDIS_URL of Sentinels ends with the name of the primary, perhaps a database and ${sentinelParameters.join(', ')}: ${sentinelExample}/0?sentinelPassword=….`,
    )
  }
  return {
    kind: 'sentinel',
    sentinels: readNodes(hosts, { port: defaultSentinelPort, example: sentinelExample }),
    name,
    database: Number(database),
    sentinelUsername: parameters.get('sentinelUsername') ?? undefined,
    sentinelPassword: parameters.get('sentinelPassword') ?? undefined,
    ...access,
  }
}

function readNodes(hosts: string, { port, example }: { port: number; example: string }): RedisNode[] {
  return hosts.split(',').map((text) => {
    const [, bracketed, plain, portText] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d+))?$/.exec(text.trim()) ?? []
    const host = bracketed ?? plain
    const node = { host: host ?? '', port: portText === undefined ? port : Number(portText) }
    if (host !== undefined && node.port > 0 && node.port <= portMax) return node
    throw new RedisUrlUnclear(
      `REDIS_URL names its hosts as host:port, separated by commas, such as ${example}.`,
    )
  })
}

/** How an address is told to a person: without user and password. */
export function describeAddress(address: Exclude<RedisAddress, AloneAddress>): string {
  return address.kind === 'cluster'
    ? `the cluster of ${toList(address.nodes)}`
    : `${address.name} of the Sentinels ${toList(address.sentinels)}`
}

function toList(nodes: readonly RedisNode[]): string {
  return nodes.map(({ host, port }) => `${host}:${port}`).join(', ')
}

/**
 * The prefix of all names in Redis. In a cluster a part in braces decides where a name lies, and all names of a queue have to lie
 * together: a prefix without such a part is put in braces.
 * @throws {RedisUrlUnclear} for braces with nothing in them, which decide nothing
 */
export function toQueuePrefix(prefix: string, { kind }: RedisAddress): string {
  if (kind !== 'cluster') return prefix
  if (!/[{}]/.test(prefix)) return `{${prefix}}`
  const isTagged = /^[^{]*\{[^}]+\}/.test(prefix)
  if (isTagged) return prefix
  throw new RedisUrlUnclear(
    `QUEUE_PREFIX is ${prefix}: in a Redis Cluster the part in braces has to have something in it, such as {headwater}.`,
  )
}
