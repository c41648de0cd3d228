import { choice, flag, httpUrl, text } from './setting-readers.ts'

/** The settings of traces, by the names that OpenTelemetry gives them. Its SDK reads further ones itself: docs/operations.md. */
export const traceSettings = {
  otlpEndpoint: httpUrl(
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'Where traces go by OTLP over HTTP, such as http://otel:4318. Empty: there are none. [More](docs/operations.md#traces).',
  ),
  otlpTracesEndpoint: httpUrl(
    'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    'The same with its whole path, such as http://otel:4318/v1/traces; goes before the other.',
  ),
  otlpProtocol: choice(
    'OTEL_EXPORTER_OTLP_PROTOCOL',
    'http/json',
    ['http/json'],
    'How they are written; there is no other way here.',
  ),
  otelServiceName: text(
    'OTEL_SERVICE_NAME',
    '',
    'Who we are in traces. Default: headwater-receiver, headwater-worker.',
  ),
  otelDisabled: flag('OTEL_SDK_DISABLED', 'No traces, whatever the other settings say.'),
} as const
