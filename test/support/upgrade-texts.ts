import { fixtureTexts } from './events.ts'

/**
 * Events of real producers in two parts, one for the older version and one for what comes after the upgrade: every second one, so that most
 * runs begin under the one and end under the other.
 */
export function upgradeTexts(): { before: string[]; after: string[] } {
  const texts = fixtureTexts('airflow', 'dbt', 'flink', 'ml-pipeline', 'spark/iceberg_merge')
  return {
    before: texts.filter((_text, index) => index % 2 === 0),
    after: texts.filter((_text, index) => index % 2 === 1),
  }
}
