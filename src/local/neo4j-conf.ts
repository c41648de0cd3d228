import type { Neo4jMemory } from './memory.ts'

export interface Neo4jPorts {
  boltPort: number
  neo4jHttpPort: number
}

/**
 * The text of neo4j.conf. Directories are relative to DATA_DIR, its home: the file is read as Latin-1,
 * so that a path with an umlaut in it would become another.
 */
export function toNeo4jConf({
  boltPort,
  neo4jHttpPort,
  heapMb,
  pageCacheMb,
}: Neo4jPorts & Neo4jMemory): string {
  return `# Written at every start by headwater up; settings are in the environment (see the README).
server.config.strict_validation.enabled=true

server.default_listen_address=127.0.0.1
server.default_advertised_address=127.0.0.1
server.bolt.enabled=true
server.bolt.listen_address=127.0.0.1:${boltPort}
server.bolt.advertised_address=127.0.0.1:${boltPort}
server.bolt.tls_level=DISABLED
server.http.enabled=true
server.http.listen_address=127.0.0.1:${neo4jHttpPort}
server.http.advertised_address=127.0.0.1:${neo4jHttpPort}
server.https.enabled=false

server.directories.data=neo4j/data
server.directories.import=neo4j/import
server.directories.plugins=neo4j/plugins
server.directories.licenses=neo4j/licenses
server.directories.lib=neo4j/lib
server.directories.logs=logs/neo4j
server.directories.run=run/neo4j

server.memory.heap.initial_size=${heapMb}m
server.memory.heap.max_size=${heapMb}m
server.memory.pagecache.size=${pageCacheMb}m
# One query may take half of the heap, and then fails alone; merges need far less.
db.memory.transaction.max=${Math.ceil(heapMb / 2)}m
# Recovery needs the newest logs only, and no incremental backup reads the older ones.
db.tx_log.rotation.retention_policy=2 files
# A graph that grows would have each of our statements planned anew every few seconds, to the plan that its hints ask for already.
dbms.cypher.min_replan_interval=10m

dbms.usage_report.enabled=false
client.allow_telemetry=false
`
}

/** Up to here a collection of the whole heap takes a second or two, at most. */
const pausedHeapMbMax = 4096

/**
 * Java's garbage collector. G1, which Neo4j's own launcher asks for, works beside the program in order to pause it shortly, and takes a tenth
 * of the CPU of a merge for that: it is for large heaps.
 */
function toCollector(heapMb: number): string {
  return heapMb > pausedHeapMbMax ? '-XX:+UseG1GC' : '-XX:+UseParallelGC'
}

export interface Neo4jLaunch {
  heapMb: number
  jarPaths: readonly string[]
  homeDir: string
  confDir: string
}

/** The text of a file of arguments for java: what Neo4j's own launcher would pass. */
export function toNeo4jJavaArgs({ heapMb, jarPaths, homeDir, confDir }: Neo4jLaunch): string {
  const args = [
    `-Xms${heapMb}m`,
    `-Xmx${heapMb}m`,
    toCollector(heapMb),
    '-XX:-OmitStackTraceInFastThrow',
    '-XX:+UnlockExperimentalVMOptions',
    '-XX:+TrustFinalNonStaticFields',
    '-XX:+DisableExplicitGC',
    // Without memory it would linger half dead; ended, it is started again.
    '-XX:+ExitOnOutOfMemoryError',
    '-Djdk.nio.maxCachedBufferSize=1024',
    '-Dio.netty.tryReflectionSetAccessible=true',
    '-Dio.netty.leakDetection.level=DISABLED',
    '-Dlog4j2.disable.jmx=true',
    '-Dlog4j.layout.jsonTemplate.maxStringLength=32768',
    '-Dfile.encoding=UTF-8',
    '--add-opens=java.base/java.nio=ALL-UNNAMED',
    '--add-opens=java.base/java.io=ALL-UNNAMED',
    '--add-opens=java.base/sun.nio.ch=ALL-UNNAMED',
    '--enable-native-access=ALL-UNNAMED',
    '-cp',
    jarPaths.join(':'),
    'org.neo4j.server.CommunityEntryPoint',
    '--console-mode',
    `--home-dir=${homeDir}`,
    `--config-dir=${confDir}`,
  ]
  return `${args.map(toQuoted).join('\n')}\n`
}

function toQuoted(argument: string): string {
  return `"${argument.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
