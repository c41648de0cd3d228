import { allOf, type CommandShape } from './command-shape.ts'
import { nodesCommand } from './nodes-command.ts'

/** A script that completes `headwater` in zsh: a file `_headwater` in `$fpath`, or `source <(headwater completion zsh)`. */
export function toZsh(program: CommandShape): string {
  const commands = allOf(program)
  return `#compdef headwater
# Completion of headwater for zsh; made by: headwater completion zsh
_headwater() {
  local trail='' word index cur="$PREFIX" prev="\${words[CURRENT-1]}"
  local -a options others
  local nodes='' files=''
  for (( index = 2; index < CURRENT; index++ )); do
    word="$trail \${words[index]}"
    case "$word" in
      ${commands
        .filter(({ path }) => path.length > 0)
        .map(({ path }) => `(${quote(` ${path.join(' ')}`)})`)
        .join('|')
        .replaceAll(/[()]/g, '')}) trail="$word" ;;
    esac
  done
  case "$trail" in
${commands.map(toCase).join('\n')}
  esac
  if [[ $cur == -* ]]; then
    (( \${#options} )) && _describe -o option options
    return
  fi
  (( \${#others} )) && _describe word others
  [[ -n $files ]] && _files
  if [[ -n $nodes ]]; then
    local -a found
    found=("\${(@f)$(headwater ${nodesCommand} -- "\${(Q)cur}" 2>/dev/null)}")
    [[ -n "\${found[1]}" ]] && compadd -U -S '' -- "\${found[@]}"
  fi
}
if [[ "$funcstack[1]" == _headwater ]]; then _headwater "$@"; else compdef _headwater headwater; fi
`
}

function toCase({ path, options, children, argument, choices }: CommandShape): string {
  const described = options.flatMap(({ names, description }) =>
    names.map((name) => toEntry(name, description)),
  )
  const others = [
    ...children.map(({ name, description }) => toEntry(name, description)),
    ...choices.map((choice) => toEntry(choice, '')),
  ]
  const valued = options.filter(({ value }) => value !== undefined)
  return [
    `    ${quote(path.length === 0 ? '' : ` ${path.join(' ')}`)})`,
    '      case "$prev" in',
    ...valued.map(
      ({ names, value, choices: ofOption }) =>
        `        ${names.join('|')}) ${[
          toList(
            'others',
            ofOption.map((one) => toEntry(one, '')),
          ),
          ...toFlags(value),
        ].join(' ')} ;;`,
    ),
    `        *) ${[toList('options', described), toList('others', others), ...toFlags(argument)].join(' ')} ;;`,
    '      esac',
    '      ;;',
  ].join('\n')
}

function toFlags(value: CommandShape['argument']): string[] {
  return value === 'node' ? ['nodes=1'] : value === 'file' ? ['files=1'] : []
}

function toList(name: string, entries: readonly string[]): string {
  return `${name}=(${entries.join(' ')})`
}

function toEntry(word: string, description: string): string {
  const escaped = word.replaceAll(':', String.raw`\:`)
  return quote(description === '' ? escaped : `${escaped}:${description}`)
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
