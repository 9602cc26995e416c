import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The services here, as botocore names them, with the versions of their APIs. */
const SERVICES = {
  organizations: '2016-11-28',
  identitystore: '2020-06-15',
  'sso-admin': '2020-07-20',
  iam: '2010-05-08',
  sts: '2011-06-15',
  'sso-oidc': '2019-06-10',
  sso: '2019-06-10',
} as const

/**
 * Writes endpoint rules that lead every service here, into a folder that botocore reads models from: for clients that know no
 * `AWS_ENDPOINT_URL`. All Regions share one host, so the Region is put into the path.
 */
export async function writeEndpointRules(folder: string, endpointUrl: string): Promise<void> {
  const text = `${JSON.stringify(endpointRules(endpointUrl), undefined, 2)}\n`
  for (const [service, version] of Object.entries(SERVICES)) {
    const path = join(folder, service, version)
    await mkdir(path, { recursive: true })
    await writeFile(join(path, 'endpoint-rule-set-1.json'), text)
  }
}

/** Smithy, "Endpoint rules engine". The builtIns are those that botocore fills in for every service. */
function endpointRules(endpointUrl: string): object {
  const flag = (builtIn: string) => ({ builtIn, required: false, default: false, type: 'Boolean', documentation: '' })
  const text = (builtIn: string) => ({ builtIn, required: false, type: 'String', documentation: '' })
  const given = (name: string) => [{ fn: 'isSet', argv: [{ ref: name }] }]
  const lead = (conditions: object[], url: string) => ({
    conditions,
    endpoint: { url, properties: {}, headers: {} },
    type: 'endpoint',
  })
  return {
    version: '1.0',
    parameters: {
      Region: text('AWS::Region'),
      UseDualStack: flag('AWS::UseDualStack'),
      UseFIPS: flag('AWS::UseFIPS'),
      UseGlobalEndpoint: flag('AWS::STS::UseGlobalEndpoint'),
      Endpoint: text('SDK::Endpoint'),
    },
    rules: [
      lead(given('Endpoint'), '{Endpoint}'),
      lead(given('Region'), `${endpointUrl}/{Region}`),
      lead([], endpointUrl),
    ],
  }
}
