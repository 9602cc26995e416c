import type { AccessRequestDetailView } from '@gatehouse/api'
import { Alert, List, Stack, Text } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { client } from '../../app/client.ts'
import { Loaded } from '../../components/loaded.tsx'
import { Name } from '../../components/name.tsx'
import { sayDuration } from '../../components/say-duration.ts'
import { Time } from '../../components/time.tsx'
import { Needs } from '../access-requests/needs.tsx'
import { sayRowName } from '../access-requests/say-row.ts'
import type { Wish } from './cart-draft.ts'

/** What a request says apart from its reason. */
interface Body extends Wish {
  readonly suggestedReviewers: string[]
  readonly longTerm?: boolean
  readonly maxDuration?: string
  readonly assumeStartTime?: string
}

/** Who would have to agree, and for how long it would be, before anything is saved. */
export function DryRun({ body, reason }: { readonly body: Body; readonly reason: string }) {
  const dryRun = useQuery({
    queryKey: ['dry-run', body, reason === ''],
    // A reason that is asked for is not what this is about.
    queryFn: ({ signal }) =>
      client.createAccessRequest({ body: { ...body, reason: reason || 'dry run', dryRun: true } }, signal),
    staleTime: 60_000,
  })
  return (
    <Loaded query={dryRun}>
      {({ duration, assumeStartTime, needs, warnings, longTerm, resources }) => (
        <Stack gap="xs">
          {longTerm ? (
            <LongTerm longTerm={longTerm} resources={resources} />
          ) : (
            <Text size="sm">
              {body.maxDuration === undefined
                ? `Your roles allow ${sayDuration(duration)}.`
                : `It would last ${sayDuration(duration)}.`}{' '}
              {assumeStartTime === undefined ? (
                'Once approved, AWS has it within seconds, and it ends by itself.'
              ) : (
                <>
                  Once approved, it begins <Time at={assumeStartTime} />, and it ends by itself.
                </>
              )}
            </Text>
          )}
          {warnings.map((warning) => (
            <Alert key={warning} color="yellow" icon={<IconInfoCircle aria-hidden />}>
              {warning}
            </Alert>
          ))}
          <Needs needs={needs} />
        </Stack>
      )}
    </Loaded>
  )
}

/** Which list would give it, or why none would. */
function LongTerm({
  longTerm: { canProceed, message, recommended, lists },
  resources,
}: {
  readonly resources: AccessRequestDetailView['resources']
  readonly longTerm: NonNullable<AccessRequestDetailView['longTerm']>
}) {
  if (canProceed && recommended)
    return (
      <Text size="sm" className="wrap">
        You would become a member of "<Name text={recommended.title} />
        ", which gives all of it.
      </Text>
    )
  return (
    <Alert color="yellow" icon={<IconInfoCircle aria-hidden />} title="This can not be asked for for good">
      <Text size="sm">{message}</Text>
      {lists.length > 0 && (
        <List size="sm" mt="xs">
          {lists.map(({ id, title, gives }) => (
            <List.Item key={id} className="wrap">
              <Name text={title} />: {gives.map((name) => sayRowName(name, resources)).join(', ')}
            </List.Item>
          ))}
        </List>
      )}
    </Alert>
  )
}
