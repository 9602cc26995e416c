import { command, type Leaf } from './command.ts'

/** `version`, the same in every program. */
export const versionCommand = (program: string, version: string): Leaf =>
  command({
    name: 'version',
    summary: 'Print the version.',
    async run() {
      return {
        text: `${program} ${version} (Node ${process.version})`,
        data: { program, version, node: process.version },
      }
    },
  })
