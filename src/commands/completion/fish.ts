import { allOf, type CommandShape, type OptionShape } from './command-shape.ts'
import { nodesCommand } from './nodes-command.ts'

/** A script that completes `headwater` in fish: `headwater completion fish | source`. */
export function toFish(program: CommandShape): string {
  return `# Completion of headwater for fish; made by: headwater completion fish
function __headwater_nodes
    headwater ${nodesCommand} -- (commandline -ct) 2>/dev/null
end
# Whether the words so far lead to this command, and to none below it.
function __headwater_at
    set -l words (commandline -opc)
    set -l trail
    for word in $words[2..-1]
        set -l longer (string join -- ' ' $trail $word)
        if contains -- $longer $__headwater_commands
            set trail $trail $word
        end
    end
    test "$trail" = "$argv"
end
set -g __headwater_commands ${allOf(program)
    .filter(({ path }) => path.length > 0)
    .map(({ path }) => quote(path.join(' ')))
    .join(' ')}
complete -c headwater -f
${allOf(program).flatMap(toLines).join('\n')}
`
}

function toLines({ path, options, children, argument, choices }: CommandShape): string[] {
  const at = `complete -c headwater -n ${quote(`__headwater_at ${path.join(' ')}`.trim())}`
  return [
    ...children.map(({ name, description }) => `${at} -a ${quote(name)} -d ${quote(description)}`),
    ...choices.map((choice) => `${at} -a ${quote(choice)}`),
    ...(argument === 'node' ? [`${at} -a '(__headwater_nodes)'`] : []),
    ...(argument === 'file' ? [`${at} -F`] : []),
    ...options.map((option) => `${at} ${toOption(option)}`),
  ]
}

function toOption({ names, description, value, choices }: OptionShape): string {
  const parts = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`))
  if (value === 'node') parts.push("-x -a '(__headwater_nodes)'")
  else if (value === 'file') parts.push('-r -F')
  else if (value !== undefined) parts.push('-x')
  if (choices.length > 0) parts.push(`-a ${quote(choices.join(' '))}`)
  return `${parts.join(' ')} -d ${quote(description)}`
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}'`
}
