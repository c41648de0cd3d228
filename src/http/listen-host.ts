import { isIPv4 } from 'node:net'
import { ConfigError, type Config } from '../config.ts'

type ListenConfig = Pick<Config, 'host' | 'apiKeys' | 'apiKeysFile'>

/**
 * The address to listen on; undefined means all of them.
 * @throws {ConfigError} where anyone on the network could send without a key
 */
export function listenHost(config: ListenConfig): string | undefined {
  if (hasKeys(config)) return config.host === '' ? undefined : toAddress(config.host)
  if (config.host === '') return '127.0.0.1'
  if (isLoopback(toAddress(config.host))) return toAddress(config.host)
  throw new ConfigError([
    `HOST is ${config.host}, which others can reach, but there are no API keys. ` +
      'Set API_KEYS or API_KEYS_FILE, or leave HOST empty to listen on 127.0.0.1 only.',
  ])
}

/** What to tell who starts a receiver that only this machine can reach; undefined where there is nothing to say. */
export function loopbackSentence(config: ListenConfig): string | undefined {
  if (hasKeys(config)) return undefined
  return 'Without API keys the receiver listens on loopback only. Set API_KEYS or API_KEYS_FILE to take events from other machines.'
}

function hasKeys({ apiKeys, apiKeysFile }: ListenConfig): boolean {
  return apiKeys.length > 0 || apiKeysFile !== ''
}

function toAddress(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host
}

function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || (isIPv4(address) && address.startsWith('127.'))
}
