import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'

/** What is wrong with a file, and where. */
export interface Mistake {
  line: number
  text: string
}

/** A value of a YAML file, with the way to it and its line. Undefined where the file does not have it. */
export interface YamlValue {
  node: unknown
  path: string
  line: number
}

/** Reads values of a YAML file one by one and collects everything that is wrong, so that all of it can be said at once. */
export interface YamlReader {
  root: YamlValue
  mistakes: Mistake[]
  fault: (value: YamlValue, text: string) => void
  /** The values by their keys; keys other than these are mistakes. */
  fields: <K extends string>(value: YamlValue, keys: readonly K[]) => Partial<Record<K, YamlValue>>
  list: (value: YamlValue) => YamlValue[]
  text: (value: YamlValue) => string | undefined
}

export function createYamlReader(source: string): YamlReader {
  const lines = new LineCounter()
  // Aliases are not resolved: a value is read where it stands, and a file of a few lines stays small.
  const document = parseDocument(source, { lineCounter: lines, uniqueKeys: true })
  const mistakes: Mistake[] = document.errors.map(({ pos: [start], message }) => ({
    line: lines.linePos(start).line,
    text: message.split('\n', 1)[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? message,
  }))
  const fault = ({ path, line }: YamlValue, text: string) => {
    mistakes.push({ line, text: path === '' ? text : `${path} ${text}` })
  }
  const child = (parent: YamlValue, node: unknown, path: string): YamlValue => ({
    node,
    path,
    line: lineOf(node, lines) ?? parent.line,
  })
  return {
    root: { node: document.contents, path: '', line: 1 },
    mistakes,
    fault,
    fields: (value, keys) => readFields(value, { keys, fault, child }),
    list: (value) => {
      if (isSeq(value.node))
        return value.node.items.map((item, index) => child(value, item, `${value.path}[${index}]`))
      fault(value, 'must be a list.')
      return []
    },
    text: (value) => {
      if (isScalar(value.node) && typeof value.node.value === 'string') return value.node.value
      fault(value, 'must be a text; put it in quotes.')
      return undefined
    },
  }
}

function readFields<K extends string>(
  value: YamlValue,
  {
    keys,
    fault,
    child,
  }: {
    keys: readonly K[]
    fault: YamlReader['fault']
    child: (parent: YamlValue, node: unknown, path: string) => YamlValue
  },
): Partial<Record<K, YamlValue>> {
  const found: Partial<Record<K, YamlValue>> = {}
  if (!isMap(value.node)) {
    fault(value, `must have some of ${keys.join(', ')}.`)
    return found
  }
  for (const { key, value: node } of value.node.items) {
    const name = isScalar(key) ? String(key.value) : ''
    const path = value.path === '' ? name : `${value.path}.${name}`
    const known = keys.find((candidate) => candidate === name)
    if (known === undefined)
      fault(child(value, key, path), `is not known; here may stand ${keys.join(', ')}.`)
    // A key without a value stands there to be filled in.
    else if (node !== null && !(isScalar(node) && node.value === null))
      found[known] = child(value, node, path)
  }
  return found
}

function lineOf(node: unknown, lines: LineCounter): number | undefined {
  const isPlaced = isScalar(node) || isMap(node) || isSeq(node)
  const start = isPlaced ? node.range?.[0] : undefined
  return start === undefined ? undefined : lines.linePos(start).line
}
