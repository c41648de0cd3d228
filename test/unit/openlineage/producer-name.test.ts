import { toProducerName } from '../../../src/openlineage/producer-name.ts'

const github = 'https://github.com'

describe('toProducerName', () => {
  it.each([
    // As real producers send them.
    [
      `${github}/OpenLineage/OpenLineage/tree/1.53.0/integration/spark`,
      'OpenLineage/OpenLineage integration/spark',
      '1.53.0',
    ],
    [
      `${github}/apache/airflow/tree/providers-openlineage/2.20.3`,
      'apache/airflow providers-openlineage',
      '2.20.3',
    ],
    [
      `${github}/OpenLineage/OpenLineage/tree/1.27.0/client/python`,
      'OpenLineage/OpenLineage client/python',
      '1.27.0',
    ],
    [
      `${github}/OpenLineage/OpenLineage/tree/1.23.0-SNAPSHOT/integration/spark`,
      'OpenLineage/OpenLineage integration/spark',
      '1.23.0-SNAPSHOT',
    ],
    [`${github}/OpenLineage/OpenLineage/blob/v1-0-0/client`, 'OpenLineage/OpenLineage client', 'v1-0-0'],
    [
      `${github}/OpenLineage/OpenLineage/tree/$VERSION/integration/spark`,
      'OpenLineage/OpenLineage integration/spark',
      '$VERSION',
    ],
    [`${github}/OpenLineage/OpenLineage`, 'github.com/OpenLineage/OpenLineage', undefined],
    [
      `${github}/trinodb/trino/plugin/trino-openlineage`,
      'github.com/trinodb/trino/plugin/trino-openlineage',
      undefined,
    ],
    ['https://some.producer.com/version/1.0', 'some.producer.com', '1.0'],
    ['http://123', '123', undefined],
    // Other ways to name a version.
    [`${github}/acme/etl/tree/main/loader`, 'acme/etl loader', 'main'],
    [`${github}/acme/etl/tree/main`, 'acme/etl', 'main'],
    [`${github}/acme/etl/tree/3f2a9c4177b0/loader/`, 'acme/etl loader', '3f2a9c4177b0'],
    ['https://gitlab.example.com/data/team/etl/-/tree/2.1.0rc1/jobs', 'data/team/etl jobs', '2.1.0rc1'],
    ['https://example.com/loader/v2', 'example.com/loader', 'v2'],
    ['https://example.com/api/v1/lineage', 'example.com/api/v1/lineage', undefined],
    ['https://example.com/loader?version=3.1&a=b#top', 'example.com/loader', '3.1'],
    ['https://example.com/loader-1.2.0', 'example.com/loader', '1.2.0'],
    ['loader@1.2', 'loader', '1.2'],
    ['my-loader/1.2.3', 'my-loader', '1.2.3'],
    ['my loader', 'my loader', undefined],
    ['ol:gcp:composer', 'ol:gcp:composer', undefined],
    ['https://example.com:8080/producer', 'example.com:8080/producer', undefined],
    ['1.2.3', '1.2.3', '1.2.3'],
    ['', '', undefined],
  ])('takes %s apart', (producer, name, version) => {
    expect(toProducerName(producer)).toEqual({ name, version })
  })

  it('cuts a text that is too long to be one', () => {
    const { name, version } = toProducerName(`https://example.com/${'1-'.repeat(1_000_000)}!`)

    expect([name.length, version]).toEqual([1001, undefined])
  })
})
