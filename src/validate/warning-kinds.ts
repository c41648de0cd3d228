/** The kinds of warning, each with what it means. They stand on Event nodes and in the producer report. */
export const warningKinds = {
  FACET_INVALID: 'a facet breaks its schema: kept, but not interpreted',
  FACET_FORMAT: 'a value in a facet has the wrong format, such as a URI that is none',
  FACET_MISPLACED: 'a facet of the standard stands where it does not belong: kept as a custom one',
  TIME_WITHOUT_ZONE: 'eventTime has no zone: taken as UTC',
  PRODUCER_NO_URI: 'producer is not a URI',
  SCHEMA_URL_NO_URI: 'schemaURL is not a URI',
  DATASET_BESIDE_RUN: 'a dataset stands beside the run, where nobody reads it',
  RUN_ID_NO_UUID: 'runId is not a UUID',
  SECRET_REDACTED: 'a value is ***: a secret that was redacted, by the collector or by the producer itself',
} as const

export type WarningKind = keyof typeof warningKinds
