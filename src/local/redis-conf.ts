/** The text of redis.conf: every accepted event is on disk before it is answered, and none is ever evicted. */
export function toRedisConf({ redisPort, redisDir }: { redisPort: number; redisDir: string }): string {
  return `# Written at every start by headwater up; settings are in the environment (see the README).
bind 127.0.0.1
port ${redisPort}
protected-mode yes
dir ${toQuoted(redisDir)}
appendonly yes
appendfsync always
save ""
maxmemory-policy noeviction
daemonize no
# The command line stays as it was given, so that a Redis left over from an earlier start is known again.
set-proc-title no
`
}

function toQuoted(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
