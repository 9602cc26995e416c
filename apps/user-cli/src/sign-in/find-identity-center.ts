import { ApiProblem, type GatehouseClient } from '@gatehouse/api'
import { sessionNameOf, startUrlOf } from '../aws-profile/names.ts'

/** What `aws configure sso` asks for, and the session's name in what aws-profile writes. */
export interface IdentityCenterFacts {
  readonly startUrl: string
  readonly ssoRegion: string
  readonly ssoSession: string
}

/** All accounts of a cluster are of one organization, so the first one says it. */
export async function findIdentityCenter(
  client: GatehouseClient,
  signal: AbortSignal,
): Promise<IdentityCenterFacts | undefined> {
  try {
    const [first] = (await client.listResources({ query: { limit: 1 } }, signal)).items
    if (!first) return undefined
    const startUrl = startUrlOf(first.startUrl)
    return { startUrl, ssoRegion: first.region, ssoSession: sessionNameOf(startUrl) }
  } catch (error) {
    // Who is signed in can be told all the same.
    if (error instanceof ApiProblem && error.status !== 401) return undefined
    throw error
  }
}
