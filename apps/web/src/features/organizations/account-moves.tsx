import type { OrganizationStatusView } from '@gatehouse/api'
import { Text } from '@mantine/core'
import { formatCount } from '../../components/format-count.ts'
import { PageLink } from '../../components/link.tsx'
import { Name } from '../../components/name.tsx'
import { Time } from '../../components/time.tsx'

type Moves = NonNullable<OrganizationStatusView['accountMoves']>

/** So many are named; the audit event has more of them. */
const NAMED = 5

/** The last accounts that came under management or fell out of it: what the filter did, and what AWS did. */
export function AccountMoves({ moves: { at, letIn, keptOut, addedInAws, goneFromAws } }: { readonly moves: Moves }) {
  return (
    <>
      <Time at={at} />
      <Moved what="Let in by the filter" accounts={letIn} />
      <Moved what="Kept out by the filter" accounts={keptOut} />
      <Moved what="Added in AWS" accounts={addedInAws} />
      <Moved what="Gone from AWS" accounts={goneFromAws} />
      <PageLink to="/audit" search={{ event: 'aws_identity_center.accounts.moved' }} size="sm">
        Earlier ones
      </PageLink>
    </>
  )
}

function Moved({ what, accounts: { count, names } }: { readonly what: string; readonly accounts: Moves['letIn'] }) {
  if (count === 0) return null
  return (
    <Text size="sm" className="wrap">
      {what}:{' '}
      {names.slice(0, NAMED).map((name, index) => (
        <span key={name}>
          {index === 0 ? '' : ', '}
          <Name text={name} />
        </span>
      ))}
      {count > NAMED && ` and ${formatCount(count - NAMED)} more`}
    </Text>
  )
}
