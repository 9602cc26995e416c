import { contract } from '@gatehouse/api'
import { Alert, Button, Card, Checkbox, Group, List, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { client } from '../../app/client.ts'
import { hasPassed, ofMinute } from '../../components/days.ts'
import { Name } from '../../components/name.tsx'
import { Problem } from '../../components/problem.tsx'
import { sayName } from '../../components/say-name.ts'
import { useFields } from '../../components/use-fields.ts'
import { type CartDraft, type CartRow, isMixed, wishOf } from './cart-draft.ts'
import type { CartProps } from './cart.tsx'
import { DryRun } from './dry-run.tsx'

/** Until somebody has stopped typing. */
const TYPED_MS = 400

/** What a request for the draft says, apart from its reason. */
function bodyOf({ rows, text: { lasts, begins, reviewers }, longTerm }: CartDraft) {
  const wish = wishOf(rows)
  const start = ofMinute(begins)
  const suggestedReviewers = reviewers.split(/[\s,]+/).filter(Boolean)
  // A role is asked for until it ends, membership for good.
  if (longTerm && wish.roles.length === 0) return { ...wish, suggestedReviewers, longTerm }
  return {
    ...wish,
    suggestedReviewers,
    ...(lasts.trim() === '' ? {} : { maxDuration: lasts.trim() }),
    ...(start === undefined ? {} : { assumeStartTime: start }),
  }
}

const PLACES = {
  reason: 'body.reason',
  lasts: 'body.maxDuration',
  begins: 'body.assumeStartTime',
  reviewers: 'body.suggestedReviewers',
}

export function RequestForm({ draft, onToggle, onDone, onChange }: CartProps) {
  const { rows, text, longTerm } = draft
  const { reason, lasts, begins, reviewers } = text
  const navigate = useNavigate()
  const queries = useQueryClient()
  const wish = wishOf(rows)
  const isForRoles = wish.roles.length > 0
  const body = bodyOf(draft)
  const [asked] = useDebouncedValue(JSON.stringify(body), TYPED_MS)
  const fields = useFields({
    values: { reason, lasts, begins, reviewers },
    places: PLACES,
    sent: [contract.createAccessRequest, { ...body, reason }],
    wrong: { begins: hasPassed(ofMinute(begins)) },
  })
  const file = useMutation({
    mutationFn: () => client.createAccessRequest({ body: { ...body, reason } }),
    async onSuccess(request) {
      await queries.invalidateQueries({ queryKey: ['requests'] })
      await navigate({ to: '/requests/$id', params: { id: request.id } })
      onDone()
    },
    onError: fields.refuse,
  })
  const type = (change: Partial<CartDraft['text']>): void => onChange({ ...draft, text: { ...text, ...change } })
  return (
    <form
      {...fields.form}
      onSubmit={fields.onSubmit(() => {
        if (!isMixed(wish)) file.mutate()
      })}
    >
      <Stack>
        <Rows rows={rows} onToggle={onToggle} />
        {isMixed(wish) && <Mixed draft={draft} onChange={onChange} />}
        <Textarea
          label="Why do you need it?"
          autosize
          minRows={2}
          maxLength={4096}
          value={reason}
          {...fields.at('reason')}
          onChange={(event) => type({ reason: event.currentTarget.value })}
        />
        {!isForRoles && (
          <Checkbox
            label="For good"
            description="As a member of an access list that gives all of it. Its owners decide."
            checked={longTerm}
            onChange={(event) => onChange({ ...draft, longTerm: event.currentTarget.checked })}
          />
        )}
        {(isForRoles || !longTerm) && (
          <>
            <TextInput
              label="For how long"
              description="Such as 2h or 1d. Left empty: as long as your roles allow."
              value={lasts}
              {...fields.at('lasts')}
              onChange={(event) => type({ lasts: event.currentTarget.value })}
            />
            <TextInput
              type="datetime-local"
              label="Begins"
              description={`In your time zone, ${Intl.DateTimeFormat().resolvedOptions().timeZone}. Left empty: once it is approved.`}
              value={begins}
              {...fields.at('begins')}
              onChange={(event) => type({ begins: event.currentTarget.value })}
            />
          </>
        )}
        <TextInput
          label="Suggested reviewers"
          description="User names, divided by commas. Left empty: those your roles name."
          value={reviewers}
          {...fields.at('reviewers')}
          onChange={(event) => type({ reviewers: event.currentTarget.value })}
        />
        {!isMixed(wish) && !fields.isWrong && asked === JSON.stringify(body) && <DryRun body={body} reason={reason} />}
        {fields.problem !== undefined && <Problem error={fields.problem} />}
        <Button type="submit" loading={file.isPending} disabled={isMixed(wish)}>
          Request access
        </Button>
      </Stack>
    </form>
  )
}

/** Two accounts may have one name: the digits tell them apart. */
const accountOf = ({ resourceId }: CartRow): string => {
  const [, account] = /\/(\d{12})--[^/]+$/.exec(resourceId) ?? []
  return account === undefined ? '' : ` (${account})`
}

const KINDS = { role: 'Role', bundle: 'Bundle' } as const

const Rows = ({ rows, onToggle }: Pick<CartProps, 'onToggle'> & { readonly rows: readonly CartRow[] }) => (
  <Card withBorder padding="sm">
    <List size="sm" spacing={4} listStyleType="none" className="spread">
      {rows.map((row) => (
        <List.Item key={row.resourceId}>
          <Group justify="space-between" wrap="nowrap">
            <span className="wrap">
              {row.kind && `${KINDS[row.kind]} `}
              <Name text={row.title} />
              {accountOf(row)}
            </span>
            <Button
              size="compact-xs"
              variant="subtle"
              onClick={() => onToggle(row)}
              aria-label={`Leave out ${sayName(row.title)}`}
            >
              Leave out
            </Button>
          </Group>
        </List.Item>
      ))}
    </List>
  </Card>
)

/** One is filed after the other. */
function Mixed({ draft, onChange }: Pick<CartProps, 'draft' | 'onChange'>) {
  const keep = (areRoles: boolean): void =>
    onChange({ ...draft, rows: draft.rows.filter(({ kind }) => (kind === 'role') === areRoles) })
  return (
    <Alert color="yellow" title="These are two requests" role="alert">
      <Text size="sm" mb="xs">
        A request is either for roles, or for accounts, applications and bundles. File one after the other.
      </Text>
      <Group gap="xs">
        <Button size="xs" variant="default" onClick={() => keep(true)}>
          Keep the roles
        </Button>
        <Button size="xs" variant="default" onClick={() => keep(false)}>
          Keep the rest
        </Button>
      </Group>
    </Alert>
  )
}
