type Environment = Readonly<Record<string, string | undefined>>

export interface Paint {
  readonly added: (text: string) => string
  readonly removed: (text: string) => string
  readonly changed: (text: string) => string
}

/** Colours repeat what a sign in the text says already, and only where a person looks (no-color.org, bixense.com/clicolors). */
export function createPaint(environment: Environment, isTerminal: boolean): Paint {
  const paint = (code: number) => (text: string) => (colours ? `\u001b[${code}m${text}\u001b[0m` : text)
  const colours = wantsColour(environment, isTerminal)
  return { added: paint(32), removed: paint(31), changed: paint(33) }
}

function wantsColour(environment: Environment, isTerminal: boolean): boolean {
  const { NO_COLOR, CLICOLOR_FORCE, CLICOLOR, TERM } = environment
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false
  if (CLICOLOR_FORCE !== undefined && CLICOLOR_FORCE !== '0') return true
  return isTerminal && CLICOLOR !== '0' && TERM !== 'dumb'
}
