import { ApiProblem, type GatehouseClient } from '@gatehouse/api'
import { sessionNameOf, startUrlOf } from '../aws-profile/names.ts'

/** What `aws configure sso` asks for, and the session's name in what aws-profile writes. */
export interface IdentityCenterFacts {
  /** The application's name: that of the organization. */
  readonly name: string
  readonly startUrl: string
  readonly ssoRegion: string
  readonly ssoSession: string
}

/** Where somebody has access to accounts, organization by organization. */
export async function findIdentityCenters(
  client: GatehouseClient,
  signal: AbortSignal,
): Promise<readonly IdentityCenterFacts[]> {
  try {
    const { items } = await client.listApplications({}, signal)
    return items.flatMap(({ kind, access, name, startUrl, region }) => {
      if (kind !== 'identity-center' || access !== 'granted' || startUrl === undefined || region === undefined)
        return []
      const url = startUrlOf(startUrl)
      return [{ name, startUrl: url, ssoRegion: region, ssoSession: sessionNameOf(url) }]
    })
  } catch (error) {
    // Who is signed in can be told all the same.
    if (error instanceof ApiProblem && error.status !== 401) return []
    throw error
  }
}
