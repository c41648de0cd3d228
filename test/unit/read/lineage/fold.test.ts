import { foldNodes } from '../../../../src/read/lineage/fold.ts'
import { measureDistances } from '../../../../src/read/lineage/measure-distances.ts'
import { rollUp } from '../../../../src/read/lineage/roll-up.ts'
import { shortestPaths } from '../../../../src/read/lineage/shortest-paths.ts'

const edge = (from: string, to: string, more: object = {}) => ({ from, to, kind: 'FEEDS', ...more })
const isShown = (node: string) => !node.startsWith('t')

describe('foldNodes', () => {
  it('puts one edge in the place of every way through what is not shown', () => {
    const edges = [
      edge('a', 't1'),
      edge('t1', 't2'),
      edge('t2', 'b'),
      edge('a', 't3'),
      edge('t3', 'b'),
      edge('b', 'c'),
    ]

    const folded = foldNodes(edges, isShown)

    expect(folded).toEqual([edge('b', 'c'), edge('a', 'b', { current: true, via: ['t3', 't1', 't2'] })])
  })

  it('takes a way for as current and as well known as the least of its parts', () => {
    const edges = [
      edge('a', 't1', { current: true, derivation: 'EXPLICIT' }),
      edge('t1', 'b', { current: false, derivation: 'IO' }),
    ]

    expect(foldNodes(edges, isShown)).toEqual([
      edge('a', 'b', { current: false, derivation: 'IO', via: ['t1'] }),
    ])
  })

  it('ends where what is not shown leads in a circle, and makes no edge from a node to itself', () => {
    const edges = [edge('a', 't1'), edge('t1', 't2'), edge('t2', 't1'), edge('t2', 'a')]

    expect(foldNodes(edges, isShown)).toEqual([])
  })
})

describe('measureDistances', () => {
  it('counts steps, and none between names', () => {
    const edges = [edge('a', 'b'), { from: 'b', to: 'c', kind: 'SAME_AS' }, edge('c', 'd'), edge('x', 'a')]

    const down = measureDistances(edges, { roots: ['a'], ways: ['downstream'] })
    const up = measureDistances(edges, { roots: ['d'], ways: ['upstream'] })

    expect(Object.fromEntries(down)).toEqual({ a: 0, b: 1, c: 1, d: 2 })
    expect(Object.fromEntries(up)).toEqual({ d: 0, c: 1, b: 1, a: 2, x: 3 })
  })
})

describe('rollUp', () => {
  it('joins what goes between the same two, and drops what stays within one', () => {
    const tops: Record<string, string[]> = { a1: ['A'], a2: ['A'], b1: ['B'] }
    const edges = [
      edge('a1', 'a2'),
      edge('a1', 'b1', { via: ['x'], current: false }),
      edge('a2', 'b1', { via: ['y'] }),
    ]

    expect(rollUp(edges, (job) => tops[job] ?? [job])).toEqual([
      edge('A', 'B', { current: true, via: ['x', 'y'] }),
    ])
  })
})

describe('shortestPaths', () => {
  it('gives as many as are asked for and no more', () => {
    const parents: Record<string, string[]> = { d: ['b', 'c'], b: ['a'], c: ['a'] }
    const ask = (pathsMax: number) =>
      shortestPaths({ ends: ['d'], parentsOf: (node) => parents[node] ?? [], pathsMax })

    expect(ask(1)).toEqual([['a', 'b', 'd']])
    expect(ask(10)).toEqual([
      ['a', 'b', 'd'],
      ['a', 'c', 'd'],
    ])
  })
})
