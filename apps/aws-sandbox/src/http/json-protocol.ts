import type { Service } from '../world/operation.ts'
import type { AwsError } from './aws-error.ts'

/** What `X-Amz-Target` names, before anybody looked whether it exists. */
export interface Target {
  readonly service: Service
  readonly operation: string
}

const TARGET_PREFIXES: Readonly<Record<string, Service>> = {
  AWSOrganizationsV20161128: 'organizations',
  AWSIdentityStore: 'identitystore',
  SWBExternalService: 'sso-admin',
}

export const JSON_CONTENT_TYPE = 'application/x-amz-json-1.1'

export function parseTarget(header: string): Target | undefined {
  const [prefix = '', operation = '', ...rest] = header.split('.')
  const service = TARGET_PREFIXES[prefix]
  return service === undefined || operation === '' || rest.length > 0 ? undefined : { service, operation }
}

/** The answer as AWS's JSON 1.1: timestamps are epoch seconds with a fraction, absent members are left out. */
export function encodeJsonAnswer(answer: object): string {
  return JSON.stringify(withoutDates(answer))
}

export function encodeJsonError(error: AwsError): string {
  // Models spell the member `Message`, captured answers `message`; clients take either.
  return JSON.stringify({ __type: error.code, message: error.message, ...error.members })
}

function withoutDates(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1_000
  if (Array.isArray(value)) return value.map(withoutDates)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutDates(member)]))
  }
  return value
}
