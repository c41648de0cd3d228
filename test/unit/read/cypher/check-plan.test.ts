import { checkPlan } from '../../../../src/read/cypher/check-plan.ts'
import { mayCall } from '../../../../src/read/cypher/check-functions.ts'
import { findEndless } from '../../../../src/read/cypher/find-endless.ts'
import { findGrowth } from '../../../../src/read/cypher/find-growth.ts'

const projection = (details: string) => [{ name: 'Projection', details }]
const call = (details: string) => ({ queryType: 'r', operators: [{ name: 'ProcedureCall', details }] })
const steps = (details: string, times: number) =>
  Array.from({ length: times }, () => projection(details)).flat()

describe('checkPlan', () => {
  it.each([
    'VarLengthExpand(Pruning,BFS)',
    'NodeUniqueIndexSeek',
    'DirectedRelationshipIndexSeekByRange',
    'RollUpApply',
  ])('lets %s read', (name) => {
    expect(() => checkPlan({ queryType: 'r', operators: [{ name, details: '' }] })).not.toThrow()
  })

  it.each([
    'Create',
    'SetProperty',
    'LoadCSV',
    'TransactionForeach',
    'ShowTransactions',
    'ShowSettings',
    'SomethingNew',
  ])('refuses %s, whatever the query says it is', (name) => {
    expect(() => checkPlan({ queryType: 'r', operators: [{ name, details: '' }] })).toThrow('Only what reads')
  })

  it('refuses what does not read alone, and procedures that are not listed', () => {
    expect(() => checkPlan({ queryType: 's', operators: [] })).toThrow('does not read alone')
    expect(() => checkPlan(call('apoc.load.json($a) :: (value :: MAP)'))).toThrow('apoc.load.json')
    expect(() => checkPlan(call('db.labels.evil() :: (x)'))).toThrow('db.labels.evil')
    expect(() => checkPlan(call('db.labels() :: (label :: STRING)'))).not.toThrow()
  })
})

describe('findEndless', () => {
  it.each([
    ['[i IN range($a, $b) | i] AS l'],
    ['reduce(a = $x, i IN l | a + a) AS s'],
    ['reduce(`a b` = $x, i IN l | [`a b`, `a b`]) AS s'],
    ['[p IN ps | [q IN qs | p.x + q.x]] AS l'],
    ['any(a IN l WHERE none(b IN l WHERE a < b)) AS x'],
  ])('finds %s', (details) => {
    expect(findEndless(projection(details))).toBeDefined()
  })

  it.each([
    ['[i IN l | i.name] AS names'],
    ['reduce(a = $x, i IN l | a + i) AS s'],
    ['[p IN ps | [n IN nodes(p) | n.name]] AS l'],
    ['d["range(1, 2)"] AS x, \'reduce(\' AS y'],
  ])('lets %s pass', (details) => {
    expect(findEndless(projection(details))).toBeUndefined()
  })

  it('lets range be unwound, and nothing around it', () => {
    expect(findEndless([{ name: 'Unwind', details: 'range($autoint_0, $autoint_1) AS i' }])).toBeUndefined()
    expect(findEndless([{ name: 'Unwind', details: 'range($a, $b) + range($a, $b) AS i' }])).toBeDefined()
    expect(findEndless([{ name: 'Unwind', details: '[i IN range($a, $b) | i] AS i' }])).toBeDefined()
  })
})

describe('findGrowth', () => {
  it('finds what doubles many times, not what does a few times', () => {
    const start = projection('$autostring_0 AS s')

    expect(findGrowth([...start, ...steps('s + s AS s', 40)])).toBeDefined()
    expect(findGrowth([...start, ...steps('s + s AS s', 4)])).toBeUndefined()
    expect(findGrowth([...start, ...steps('s + $autostring_1 AS s', 400)])).toBeUndefined()
  })

  it('finds a text put into itself', () => {
    expect(findGrowth(projection('replace(s, $autostring_0, s) AS s'))).toBeDefined()
    expect(findGrowth(projection('replace(d.name, $autostring_0, $autostring_1) AS s'))).toBeUndefined()
  })
})

describe('mayCall', () => {
  it.each([
    'RETURN apoc.cypher.run("x")',
    'RETURN `apoc` . cypher /* x */ . RUN("x")',
    String.raw`RETURN \u0061poc.cypher.run("x")`,
  ])('sees a function of a plug-in in %s', (query) => {
    expect(mayCall(query, 'apoc.cypher.run')).toBe(true)
  })

  it('sees none where a part of its name is missing', () => {
    expect(mayCall('MATCH (r:Run) RETURN r.runId', 'apoc.cypher.run')).toBe(false)
  })
})
