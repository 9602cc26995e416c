import { DEFAULT_TEMPLATE, parseNameTemplate, sessionNameOf } from '../aws-profile/names.ts'
import type { Wanted } from '../aws-profile/wanted.ts'
import fc from 'fast-check'

const URL_1 = 'https://d-1.awsapps.com/start'
export const URL_2 = 'https://d-2.awsapps.com/start'

const nameOf = parseNameTemplate(DEFAULT_TEMPLATE)
const REST = { organization: 'aws', cluster: 'acme.example', region: 'us-east-1', labels: {} }

export type Row = readonly [account: string, id: string, role: string, startUrl?: string]

/** What the config file should hold for such rows. */
export function want(...rows: readonly Row[]): Wanted {
  const urls = [...new Set(rows.map(([, , , startUrl = URL_1]) => startUrl))]
  return {
    sessions: urls.map((startUrl) => ({ name: sessionNameOf(startUrl), startUrl, region: 'us-east-1' })),
    profiles: rows.map(([accountName, accountId, role, startUrl = URL_1]) => ({
      name: nameOf({ accountName, accountId, role, ...REST }),
      accountName,
      accountId,
      role,
      startUrl,
    })),
  }
}

const row: fc.Arbitrary<Row> = fc.tuple(
  fc.constantFrom('dev', 'Dev', 'prod', 'é'),
  fc.constantFrom('000000000001', '000000000002'),
  fc.constantFrom('Admin', 'Read Only'),
  fc.constantFrom(URL_1, URL_2),
)
/** Somebody's access, with accounts of one name. */
export const someAccess: fc.Arbitrary<Wanted> = fc
  .uniqueArray(row, { maxLength: 6, selector: (value) => JSON.stringify(value.slice(1)) })
  .map((rows) => want(...rows))
