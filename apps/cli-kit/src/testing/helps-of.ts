import type { Command } from 'commander'
import type { Group } from '../command.ts'
import { buildProgram } from '../program.ts'

/** What `--help` prints for a program and each of its commands. */
export const helpsOf = (root: Group): string[] => helpsUnder(buildProgram(root, async () => {}))

const helpsUnder = (command: Command): string[] => [
  command.configureHelp({ ...command.configureHelp(), helpWidth: 80 }).helpInformation(),
  ...command.commands.flatMap(helpsUnder),
]
