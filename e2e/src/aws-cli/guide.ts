import { readFileSync } from 'node:fs'

const GUIDE = new URL('../../../docs/guides/aws-cli.md', import.meta.url)

/** The commands of one section of the guide to the AWS CLI, in their order, as one script for a shell. */
export function commandsOf(heading: string): string {
  const section = readFileSync(GUIDE, 'utf8')
    .split(/^## /m)
    .find((text) => text.startsWith(`${heading}\n`))
  const blocks = [...(section ?? '').matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, commands = '']) => commands)
  if (blocks.length === 0) throw new Error(`The guide has no commands under "${heading}"`)
  return blocks.join('')
}
