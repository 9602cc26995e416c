import type { GatehouseClient } from '@gatehouse/api'
import { CliError, EXIT } from '@gatehouse/cli-kit'

/** Nobody reviews or asks in another's name: a flag that says so must name whoever is signed in. @throws CliError refused */
export async function refuseUnlessCaller(
  client: GatehouseClient,
  named: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (named === undefined) return
  const { user } = await client.getMe({}, signal)
  if (user.name.toLowerCase() === named.toLowerCase()) return
  throw new CliError(`You are ${user.name}, and can't act as ${named}.`, {
    remedy: `Let ${named} sign in and do it, or leave the name out.`,
    exitCode: EXIT.refused,
  })
}
