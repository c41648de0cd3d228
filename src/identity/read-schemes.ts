import type { YamlReader, YamlValue } from './yaml-reader.ts'

/** Schemes as they are compared: in lower case. */
export function readSchemes(reader: YamlReader, value: YamlValue): string[] {
  return reader.list(value).flatMap((item) => {
    const scheme = reader.text(item)
    if (scheme === undefined) return []
    if (!/^[^\s:/]+$/.test(scheme))
      reader.fault(item, 'must be a scheme, such as s3, without colon or slash.')
    return [scheme.toLowerCase()]
  })
}
