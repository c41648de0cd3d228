import type { Command, Option } from 'commander'

/** What stands for a value in the place of an option or an argument. */
export type ValueKind = 'node' | 'file' | 'other'

export interface OptionShape {
  /** `--depth`, and `-h` where there is a short one. */
  names: readonly string[]
  description: string
  /** Undefined where it takes no value. */
  value: ValueKind | undefined
  choices: readonly string[]
}

/** A command as completion sees it. */
export interface CommandShape {
  /** The words that lead to it; none for the program itself. */
  path: readonly string[]
  name: string
  description: string
  options: readonly OptionShape[]
  children: readonly CommandShape[]
  argument: ValueKind | undefined
  choices: readonly string[]
}

/** What can be written behind a program's name, out of the tree that commander has of it. */
export function toShape(command: Command, path: readonly string[] = []): CommandShape {
  const help = command.createHelp()
  const children = help.visibleCommands(command).filter((child) => child.name() !== 'help')
  const [argument] = command.registeredArguments
  return {
    path,
    name: command.name(),
    description: command.description(),
    options: help.visibleOptions(command).map(toOptionShape),
    children: children.map((child) => toShape(child, [...path, child.name()])),
    argument: argument === undefined ? undefined : toValueKind(argument.name()),
    choices: argument?.argChoices ?? [],
  }
}

/** A command and all below it. */
export function allOf(shape: CommandShape): CommandShape[] {
  return [shape, ...shape.children.flatMap(allOf)]
}

function toOptionShape(option: Option): OptionShape {
  const { long, short, description, required, optional, argChoices = [] } = option
  const value = /[<[]([\w=-]+)/.exec(option.flags)?.[1] ?? ''
  return {
    names: [long, short].filter((name) => name !== undefined),
    description,
    value: required || optional ? toValueKind(value) : undefined,
    choices: argChoices,
  }
}

/** By the word in angle brackets: `<node>` is a thing in the graph wherever it stands, `<file>` a file. */
function toValueKind(word: string): ValueKind {
  if (word === 'node') return 'node'
  return word === 'file' ? 'file' : 'other'
}
