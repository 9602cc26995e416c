import { IAMClient } from '@aws-sdk/client-iam'
import { IdentitystoreClient } from '@aws-sdk/client-identitystore'
import { OrganizationsClient } from '@aws-sdk/client-organizations'
import { SSOAdminClient } from '@aws-sdk/client-sso-admin'
import { STSClient } from '@aws-sdk/client-sts'
import { startSandbox, type Sandbox, type SandboxOptions } from '../sandbox.ts'

/** A running sandbox with AWS's own clients pointed at it. */
export interface TestSandbox extends AsyncDisposable {
  readonly sandbox: Sandbox
  readonly organizations: OrganizationsClient
  readonly identityStore: IdentitystoreClient
  readonly sso: SSOAdminClient
  readonly iam: IAMClient
  readonly sts: STSClient
  readonly control: (method: string, path: string, body?: unknown) => Promise<any> // oxlint-disable-line typescript/no-explicit-any -- tests read free JSON
}

/** Reads see writes at once and nothing takes long, unless a test says otherwise; quotas stay AWS's. */
export async function startTestSandbox(options: SandboxOptions = {}): Promise<TestSandbox> {
  const noLag: [number, number] = [0, 0]
  const quick = { identityStoreLag: noLag, ssoLag: noLag, iamLag: noLag }
  const sandbox = await startSandbox({ pace: 20, ...options, knobs: { ...quick, ...options.knobs } })
  const client = {
    endpoint: sandbox.endpointUrl,
    region: sandbox.region,
    credentials: { ...sandbox.admin },
    maxAttempts: 1,
  }
  return {
    sandbox,
    organizations: new OrganizationsClient(client),
    identityStore: new IdentitystoreClient(client),
    sso: new SSOAdminClient(client),
    iam: new IAMClient(client),
    sts: new STSClient(client),
    async control(method, path, body) {
      const json = { 'content-type': 'application/json' }
      const init = body === undefined ? { method } : { method, headers: json, body: JSON.stringify(body) }
      const response = await fetch(sandbox.controlUrl + path, init)
      return response.json()
    },
    [Symbol.asyncDispose]: sandbox.stop,
  }
}

/** Asks until the answer is there. */
export async function until<Answer>(ask: () => Promise<Answer | undefined | false>, limitMs = 5_000): Promise<Answer> {
  const end = Date.now() + limitMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    if (Date.now() > end) throw new Error(`It did not happen within ${limitMs} ms.`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
