import { type AdoptedAssignmentView, MAX_ENDED } from '@gatehouse/api'
import { List, Text } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { client } from '../../app/client.ts'
import { Confirm } from '../../components/confirm.tsx'
import { formatCount } from '../../components/format-count.ts'
import { Name } from '../../components/name.tsx'
import { longestOf } from '../../components/say-duration.ts'
import { sayName } from '../../components/say-name.ts'
import { SessionsEnd } from '../../components/sessions-end.tsx'
import { organizationQuery } from './organizations-query.ts'
import { sayLosses } from './say-losses.ts'

/** So many are named in a question. */
const NAMED = 12

/** What ending them does in AWS, person by person, and what keeps some of them there. */
export function EndAdopted({
  organization,
  asked,
  opened,
  onClose,
  onDone,
}: {
  readonly organization: string
  /** As they were when it was asked. */
  readonly asked: readonly AdoptedAssignmentView[]
  readonly opened: boolean
  readonly onClose: () => void
  readonly onDone: () => void
}) {
  const queries = useQueryClient()
  const { data: known } = useQuery(organizationQuery(organization))
  const rows = asked.slice(0, MAX_ENDED)
  const end = async (confirmRemovals: number | undefined): Promise<void> => {
    const assignments = rows.map(({ key, revision }) => ({ key, revision }))
    const confirmed = confirmRemovals === undefined ? {} : { confirmRemovals }
    try {
      await client.endAdoptedAssignments({ params: { name: organization }, body: { assignments, ...confirmed } })
    } finally {
      // Also what was refused may be another by now.
      void queries.invalidateQueries({ queryKey: ['organization', organization] })
    }
  }
  const losses = sayLosses(rows)
  const kept = rows.filter(({ effect }) => effect !== 'goes')
  const what = asked.length === 1 ? '1 adopted assignment' : `${formatCount(asked.length)} adopted assignments`
  return (
    <Confirm
      opened={opened}
      onClose={onClose}
      title={`End ${what}?`}
      verb={`End ${formatCount(rows.length)}`}
      run={end}
      onDone={onDone}
    >
      {losses.length > 0 && (
        <>
          <Named texts={losses} />
          {known && (
            <Text size="sm">
              <WhenLost
                mode={known.mode}
                longest={longestOf(rows.map((row) => (row.effect === 'goes' ? row.sessionDuration : undefined)))}
              />
            </Text>
          )}
        </>
      )}
      {losses.length === 0 && <Text size="sm">Nobody loses access to an AWS account by this.</Text>}
      {kept.length > 0 && (
        <>
          <Text size="sm">The record ends, and the access does not:</Text>
          <Named
            texts={kept.map(
              ({ user, permissionSetName, accountName, reasons }) =>
                `${sayName(user)}, ${sayName(permissionSetName)} on ${sayName(accountName)}${reasons.length === 0 ? '' : `: ${reasons.join('; ')}`}`,
            )}
          />
        </>
      )}
      {asked.length > rows.length && (
        <Text size="sm">These are the first {formatCount(rows.length)}, which end now; repeat it for the rest.</Text>
      )}
    </Confirm>
  )
}

/** In shadow mode nothing is written, and AWS keeps what it has. */
function WhenLost({ mode, longest }: { readonly mode: 'shadow' | 'active'; readonly longest: string | undefined }) {
  if (mode === 'shadow')
    return 'Gatehouse writes nothing to AWS yet: AWS keeps it, and takes it away once the organization is started.'
  return (
    <>
      AWS takes it away within seconds. <SessionsEnd longest={longest} />
    </>
  )
}

function Named({ texts }: { readonly texts: readonly string[] }) {
  return (
    <List size="sm">
      {texts.slice(0, NAMED).map((text) => (
        <List.Item key={text} className="wrap">
          <Name text={text} most={300} />
        </List.Item>
      ))}
      {texts.length > NAMED && <List.Item>and {formatCount(texts.length - NAMED)} more</List.Item>}
    </List>
  )
}
