import { allOf, type CommandShape, type OptionShape } from './command-shape.ts'
import { nodesCommand } from './nodes-command.ts'

/** A script that completes `headwater` in bash: `source <(headwater completion bash)`. */
export function toBash(program: CommandShape): string {
  const commands = allOf(program)
  return `# Completion of headwater for bash; made by: headwater completion bash
_headwater() {
  local line="\${COMP_LINE:0:COMP_POINT}" cur='' prev='' path='' word index
  local -a words
  read -ra words <<< "$line"
  # Bash breaks words at colons, and ids are full of them: the line itself knows better.
  if [[ $line != *[[:space:]] ]]; then cur="\${words[-1]}"; unset 'words[-1]'; fi
  (( \${#words[@]} > 1 )) && prev="\${words[-1]}"
  for (( index = 1; index < \${#words[@]}; index++ )); do
    word="$path \${words[index]}"
    case "$word" in
      ${commands
        .filter(({ path }) => path.length > 0)
        .map(({ path }) => quote(` ${path.join(' ')}`))
        .join('|')}) path="$word" ;;
    esac
  done
  local options='' others='' nodes='' files=''
  case "$path" in
${commands.map(toCase).join('\n')}
  esac
  COMPREPLY=()
  if [[ $cur == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
  else
    [[ -n $others ]] && mapfile -t COMPREPLY < <(compgen -W "$others" -- "$cur")
    [[ -n $files ]] && mapfile -t -O "\${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$cur")
    [[ -n $nodes ]] && mapfile -t -O "\${#COMPREPLY[@]}" COMPREPLY < <(headwater ${nodesCommand} -- "$cur" 2>/dev/null)
  fi
  [[ \${#COMPREPLY[@]} == 1 && \${COMPREPLY[0]} == *: ]] && compopt -o nospace
  if [[ $cur == *:* && $COMP_WORDBREAKS == *:* ]]; then
    for index in "\${!COMPREPLY[@]}"; do COMPREPLY[index]="\${COMPREPLY[index]#"\${cur%"\${cur##*:}"}"}"; done
  fi
  # Names may hold blanks and whatever else means something to a shell.
  for index in "\${!COMPREPLY[@]}"; do printf -v 'COMPREPLY[index]' '%q' "\${COMPREPLY[index]}"; done
}
complete -F _headwater headwater
`
}

function toCase({ path, options, children, argument, choices }: CommandShape): string {
  const names = options.flatMap((option) => option.names)
  const others = [...children.map(({ name }) => name), ...choices]
  const valued = options.filter(({ value }) => value !== undefined)
  return [
    `    ${quote(path.length === 0 ? '' : ` ${path.join(' ')}`)})`,
    `      options=${quote(names.join(' '))}`,
    '      case "$prev" in',
    ...valued.map(
      (option) =>
        `        ${option.names.join('|')}) options='' ${toSetting({ others: option.choices, value: option.value })} ;;`,
    ),
    `        *) ${toSetting({ others, value: argument })} ;;`,
    '      esac',
    '      ;;',
  ].join('\n')
}

function toSetting({ others, value }: { others: readonly string[]; value: OptionShape['value'] }): string {
  const settings = [
    ...(others.length > 0 ? [`others=${quote(others.join(' '))}`] : []),
    ...(value === 'node' ? ['nodes=1'] : []),
    ...(value === 'file' ? ['files=1'] : []),
  ]
  return settings.length === 0 ? ':' : settings.join(' ')
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
