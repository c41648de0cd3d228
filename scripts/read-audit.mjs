/** The severities that must not be. */
const counted = new Set(['high', 'critical'])

/** What `npm audit --json` has said: whether something that counts was found, nothing, or the registry could not be asked. */
export function readAudit(text) {
  const said = parse(text)
  if (said?.vulnerabilities === undefined || said.metadata === undefined) {
    const why = said?.message ?? said?.error?.summary ?? 'npm has said nothing that can be read'
    return {
      kind: 'impossible',
      sentences: [`Not possible here: ${why}. NOTHING was checked for known holes.`],
    }
  }
  const all = Object.values(said.vulnerabilities)
  const bad = all.filter(({ severity }) => counted.has(severity))
  const rest = all.length - bad.length
  const others = rest === 0 ? '' : ` ${rest} of lower severity: npm audit tells.`
  if (bad.length === 0) {
    return {
      kind: 'clean',
      sentences: [
        `No known hole of high or critical severity in ${said.metadata.dependencies.total} dependencies.${others}`,
      ],
    }
  }
  return { kind: 'found', sentences: [...bad.map(toSentence), `${bad.length} to mend.${others}`] }
}

function toSentence({ name, severity, range, via, fixAvailable }) {
  const titles = via.flatMap((one) =>
    typeof one === 'string' ? [`through ${one}`] : [`${one.title} (${one.url})`],
  )
  const fix = fixAvailable === false ? 'there is no fix yet' : 'npm audit fix mends it'
  return `${[`${severity}: ${name}`, range].filter(Boolean).join(' ')}: ${titles.join('; ')}; ${fix}.`
}

function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
