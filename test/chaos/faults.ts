import { setTimeout as pause } from 'node:timers/promises'
import type { Random } from '../fuzz/random.ts'
import { makeCheckpoint } from './chaos-neo4j.ts'
import type { ChaosStack, ClockName, LinkName, ProcessName } from './chaos-stack.ts'
import type { ProxyMode } from './tcp-proxy.ts'

/** One way to harm the stack: it begins, holds for a while, and is mended. */
export interface FaultKind {
  name: string
  /** Why it cannot be done here; undefined where it can. */
  skipped?: string
  /** Does it all, the mending included; gives what exactly was done. */
  run(random: Random): Promise<string>
}

const shortHoldMs = { min: 200, spread: 3000 }
/** Longer than a worker's lock on its jobs (15 s), so that another takes them while it stands still. */
const longHoldMs = { min: 10_000, spread: 10_000 }
const longShare = 0.2
const roleClockSecondsMax = 3 * 3600
/** Locks in Redis last until its clock has passed their end: as long as the step back took. */
const storeClockSecondsMax = 60
const diskHoldMs = 4000

/** All kinds that a stack allows, and those that it does not with a reason. */
export function toFaultKinds(stack: ChaosStack): FaultKind[] {
  return [
    ...toTargets(stack).flatMap((targets) => toEndings(stack, targets)),
    together(stack, 'killed'),
    together(stack, 'frozen'),
    ...(Object.keys(stack.links) as LinkName[]).flatMap((name) =>
      (['cut', 'slow', 'hung', 'deaf'] as const).map((mode) => harmLink(stack, name, mode)),
    ),
    fillDisk(stack, 'redis'),
    fillDisk(stack, 'neo4j'),
    ...(['receiver', 'workers', 'redis'] as const).map((name) => shiftClock(stack, name)),
    ...(stack.processes.has('neo4j') ? [shiftClock(stack, 'neo4j')] : []),
  ]
}

interface Targets {
  name: string
  /** One of these is harmed at a time. */
  choices: readonly (readonly ProcessName[])[]
}

function toTargets({ processes }: ChaosStack): Targets[] {
  return [
    { name: 'receiver', choices: [['receiver']] },
    { name: 'worker', choices: [['worker 1'], ['worker 2'], ['worker 1', 'worker 2']] },
    { name: 'Redis', choices: [['redis']] },
    ...(processes.has('neo4j') ? [{ name: 'Neo4j', choices: [['neo4j']] } as const] : []),
  ]
}

function toEndings(stack: ChaosStack, { name, choices }: Targets): FaultKind[] {
  return [
    {
      name: `${name} killed`,
      run: async (random) => await endAndStart(stack, { targets: random.pick(choices), how: 'kill', random }),
    },
    {
      name: `${name} stopped with SIGTERM`,
      run: async (random) => await endAndStart(stack, { targets: random.pick(choices), how: 'stop', random }),
    },
    {
      name: `${name} frozen`,
      run: async (random) => await freeze(stack, { targets: random.pick(choices), random }),
    },
  ]
}

function together(stack: ChaosStack, how: 'killed' | 'frozen'): FaultKind {
  return {
    name: `several ${how} together`,
    run: async (random) => {
      const targets = pickSeveral([...stack.processes.keys()], random)
      if (how === 'killed') return await endAndStart(stack, { targets, how: 'kill', random })
      return await freeze(stack, { targets, random })
    },
  }
}

function pickSeveral(names: readonly ProcessName[], random: Random): ProcessName[] {
  const wanted = 2 + random.below(names.length - 1)
  const left = [...names]
  return Array.from({ length: wanted }, () => left.splice(random.below(left.length), 1)).flat()
}

interface Harm {
  targets: readonly ProcessName[]
  random: Random
}

async function endAndStart(
  stack: ChaosStack,
  { targets, how, random }: Harm & { how: 'kill' | 'stop' },
): Promise<string> {
  const processes = targets.flatMap((name) => stack.processes.get(name) ?? [])
  const holdMs = toHoldMs(random, { mayBeLong: false })
  await Promise.all(processes.map(async (one) => await one[how]()))
  await pause(holdMs)
  await Promise.all(processes.map(async (one) => await one.start()))
  return `${targets.join(', ')}: ${how}, away for ${holdMs} ms`
}

async function freeze(stack: ChaosStack, { targets, random }: Harm): Promise<string> {
  const processes = targets.flatMap((name) => stack.processes.get(name) ?? [])
  const holdMs = toHoldMs(random, { mayBeLong: true })
  for (const one of processes) one.freeze()
  await pause(holdMs)
  for (const one of processes) one.thaw()
  return `${targets.join(', ')}: frozen for ${holdMs} ms`
}

function harmLink({ links }: ChaosStack, name: LinkName, mode: ProxyMode): FaultKind {
  return {
    name: `${name} ${mode}`,
    run: async (random) => {
      const holdMs = toHoldMs(random, { mayBeLong: mode === 'hung' })
      links[name].set(mode)
      await pause(holdMs)
      links[name].set('pass')
      return `${mode} for ${holdMs} ms`
    },
  }
}

function fillDisk(stack: ChaosStack, name: 'redis' | 'neo4j'): FaultKind {
  const { disks, processes } = stack
  const disk = disks[name]
  const shown = name === 'redis' ? 'Redis' : 'Neo4j'
  if (disk === undefined) {
    const skipped = 'a small disk of its own could not be mounted (that takes root)'
    return { name: `disk of ${shown} full`, skipped, run: async () => await Promise.resolve('') }
  }
  return {
    name: `disk of ${shown} full`,
    run: async (random) => {
      const holdMs = diskHoldMs + toHoldMs(random, { mayBeLong: false })
      const store = processes.get(name)
      await disk.fill()
      await pause(holdMs)
      // Its log of transactions has room of its own: it meets the full disk when it writes its pages.
      const isWritten = name === 'redis' || (await makeCheckpoint(stack.neo4j))
      const hasEnded = store?.isRunning === false
      await disk.free()
      // What an operator does: Neo4j keeps a database shut that it could not write, until it is started again.
      if (name === 'neo4j') await store?.stop()
      await store?.start()
      return `full for ${holdMs} ms${hasEnded ? ', it ended by itself' : ''}${isWritten ? '' : ', no checkpoint'}`
    },
  }
}

function shiftClock({ clocks, canShiftClocks }: ChaosStack, name: ClockName): FaultKind {
  const shown = { receiver: 'receiver', workers: 'workers', redis: 'Redis', neo4j: 'Neo4j' }[name]
  const skipped = canShiftClocks
    ? undefined
    : 'there is no C compiler (cc) to make the library that shifts a clock'
  return {
    name: `clock of ${shown} stepped`,
    ...(skipped !== undefined && { skipped }),
    run: async (random) => {
      const isStore = name === 'redis' || name === 'neo4j'
      const most = isStore ? storeClockSecondsMax : roleClockSecondsMax
      const seconds = (1 + random.below(most)) * (random.chance(0.5) ? 1 : -1)
      const holdMs = toHoldMs(random, { mayBeLong: false })
      await clocks[name].shift(seconds)
      await pause(holdMs)
      await clocks[name].shift(0)
      return `${seconds} s for ${holdMs} ms`
    },
  }
}

function toHoldMs(random: Random, { mayBeLong }: { mayBeLong: boolean }): number {
  const { min, spread } = mayBeLong && random.chance(longShare) ? longHoldMs : shortHoldMs
  return min + random.below(spread)
}
