import { flag, integer, list, patterns, text } from './setting-readers.ts'

/** The settings of what clients meet: the receiver's HTTP, who may ask, what is taken. */
export const doorSettings = {
  port: integer('PORT', 5000, 'Port of the receiver, the one in OpenLineage’s documentation.', {
    min: 0,
    max: 65535,
  }),
  host: text(
    'HOST',
    '',
    'Address the receiver listens on. Default: 127.0.0.1 without API keys, all addresses with keys.',
  ),
  apiKeys: list(
    'API_KEYS',
    'Keys, separated by commas, each alone, or with what it may do behind it: send, read, admin, namespaces=…. Without any, the receiver listens on loopback only.',
  ),
  apiKeysFile: text(
    'API_KEYS_FILE',
    '',
    'File with such keys, one a line (# starts a comment); read again whenever it changes.',
  ),
  tlsCertFile: text(
    'TLS_CERT_FILE',
    '',
    'File with the receiver’s certificate and its chain, in PEM: HTTP over TLS. Read again whenever it changes.',
  ),
  tlsKeyFile: text('TLS_KEY_FILE', '', 'File with the key of that certificate, in PEM.'),
  bodyBytesMax: integer('BODY_BYTES_MAX', 32 * 1024 * 1024, 'Largest body accepted, in inflated bytes.', {
    min: 1024,
  }),
  answerMsMax: integer('ANSWER_MS_MAX', 2000, 'Latest answer after the body’s last byte, in milliseconds.', {
    min: 100,
  }),
  batchEventsMax: integer('BATCH_EVENTS_MAX', 10_000, 'Most events in one batch.', { min: 1 }),
  batchAnswerMsMax: integer(
    'BATCH_ANSWER_MS_MAX',
    30_000,
    'Latest answer to a batch after its last byte, in milliseconds.',
    { min: 100 },
  ),
  connectionsMax: integer(
    'CONNECTIONS_MAX',
    10_000,
    'Most connections of clients to a receiver; beyond it a new one is closed at once.',
    { min: 1 },
  ),
  headerBytesMax: integer('HEADER_BYTES_MAX', 16_384, 'Most bytes of a request’s headers.', { min: 1024 }),
  headersMsMax: integer('HEADERS_MS_MAX', 15_000, 'Longest time for headers to arrive, in milliseconds.', {
    min: 100,
  }),
  requestMsMax: integer(
    'REQUEST_MS_MAX',
    60_000,
    'Longest time for a whole request to arrive, in milliseconds; it is answered 408 then.',
    { min: 100 },
  ),
  strict: flag('STRICT', 'Answer 422 where an event would otherwise be taken with warnings.'),
  redact: flag(
    'REDACT',
    'Take secrets out of events before anything keeps them: [which](docs/http.md#secrets).',
    { isOn: true },
  ),
  redactNames: patterns(
    'REDACT_NAMES',
    [
      '*password*',
      '*passwd*',
      '*passphrase*',
      '*pwd',
      'pass',
      '*secret*',
      '*token',
      '*credential*',
      'key',
      '*apikey*',
      'sas',
      'authorization',
      'cookie',
    ],
    'Words in the names of settings that are secrets: [those by default](docs/http.md#secrets).',
  ),
  redactParameters: patterns(
    'REDACT_PARAMETERS',
    [
      '*password*',
      '*passwd*',
      'pwd',
      '*secret*',
      'token',
      '*apikey',
      'api_key',
      'access_key',
      'account_key',
      'private_key',
      'credential',
      'signature',
      'sig',
    ],
    'Likewise of parameters of URLs, and of members of custom facets.',
  ),
} as const
