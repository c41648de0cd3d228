const rssTimesMax = 1.2
const roles = ['receiver', 'worker', 'redis', 'neo4j']

/** Everything that is not as it must be, in sentences. */
export function judge({ late, answerMsMax, usual, overload, bursting }) {
  const faults = []
  for (const [name, phase] of Object.entries({ usual, overload, bursting })) {
    const lost = phase.lost + phase.lostFromPython + phase.lostAsJava
    if (lost > 0) faults.push(`${lost} accepted events are not in the graph (${name}).`)
    const strange = Object.keys(phase.statuses).filter((status) => status !== '201' && status !== '503')
    if (strange.length > 0) faults.push(`There were answers ${strange.join(', ')} (${name}).`)
  }
  if (late > 0) faults.push(`${late} answers came later than ${answerMsMax} ms.`)
  if (usual.statuses[503] !== undefined) faults.push('The normal load was too much already.')
  if (overload.statuses[503] === undefined) faults.push('Nothing was refused: it was no overload.')
  for (const role of roles) {
    const times = toPeak(overload.rssMb[role]) / toPeak(usual.rssMb[role])
    if (times > rssTimesMax) faults.push(`Memory of ${role} was ${times.toFixed(2)} times the normal load's.`)
  }
  const raised = countFailed(bursting.beside.fromPython)
  if (raised > 0) faults.push(`${raised} events of Python's client did not survive a burst.`)
  return faults
}

/** The tables of docs/reliability.md. */
export function toReport({ answerMsMax, late, drainedPerSecond, usual, overload, bursting }) {
  const phases = [
    ['normal', usual],
    [`10 times ${drainedPerSecond.toFixed(1)}/s`, overload],
    ['burst', bursting],
  ]
  const loads = phases.map(([name, phase]) => [
    name,
    `${phase.perSecond.toFixed(0)}/s, ${phase.seconds} s`,
    phase.answered,
    phase.statuses[201] ?? 0,
    phase.statuses[503] ?? 0,
    phase.lost,
    `${Math.round(phase.latencyMs.p50)}, ${Math.round(phase.latencyMs.p99)}, ${Math.round(phase.latencyMs.max)} ms`,
    `${Math.round(phase.foreignPercent)} %`,
  ])
  const memory = roles.map((role) => {
    const [before, during] = [toPeak(usual.rssMb[role]), toPeak(overload.rssMb[role])]
    return [role, before.toFixed(0), during.toFixed(0), (during / before).toFixed(2)]
  })
  const clients = [
    ['10 times', 'Python', overload.beside.fromPython, overload.lostFromPython],
    ['10 times', 'as Java', overload.beside.asJava, overload.lostAsJava],
    ['burst', 'Python', bursting.beside.fromPython, bursting.lostFromPython],
    ['burst', 'as Java', bursting.beside.asJava, bursting.lostAsJava],
  ].map(([load, name, sent, lost]) => [load, name, sent.length, countFailed(sent), lost])
  return [
    `Answers are due after ${answerMsMax} ms; ${late} were later, by the receiver's own count.`,
    toTable(
      [
        'load',
        'sent',
        'answered',
        '201',
        '503',
        'accepted, not in the graph',
        'answer p50, p99, slowest',
        'CPU of others',
      ],
      loads,
    ),
    toTable(['process', 'MiB at the normal load, most', 'MiB in the overload, most', 'times'], memory),
    toTable(['load', 'client', 'events', 'given up after its retries', 'taken, not in the graph'], clients),
  ].join('\n\n')
}

function countFailed(sent) {
  return sent.filter(({ error }) => error !== null).length
}

function toPeak(values) {
  return Math.max(...values)
}

function line(cells) {
  return `| ${cells.join(' | ')} |`
}

function toTable(head, rows) {
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
