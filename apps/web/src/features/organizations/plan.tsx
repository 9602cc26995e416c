import type { OperationView, PlanView } from '@gatehouse/api'
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconMinus, IconPlus } from '@tabler/icons-react'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { client } from '../../app/client.ts'
import { useMay } from '../../app/session.ts'
import { type Column, DataTable } from '../../components/data-table.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { TableSkeleton } from '../../components/table-skeleton.tsx'
import { Empty } from '../../components/page.tsx'
import { formatCount } from '../../components/format-count.ts'
import { Problem } from '../../components/problem.tsx'
import { Prose } from '../../components/prose.tsx'
import { SearchField } from '../../components/search-field.tsx'
import { Section } from '../../components/section.tsx'
import { Time } from '../../components/time.tsx'
import { planQuery } from './organizations-query.ts'
import { sayMany } from '../../components/say-many.ts'

/** What the next round would change in AWS; the start, while nothing may be written yet. */
export function Plan({ organization }: { readonly organization: string }) {
  // It is also shown while an organization is enrolled.
  const account = useSearch({ strict: false, select: (search) => search.account })
  const navigate = useNavigate()
  const query = useInfiniteQuery(planQuery(organization, account))
  const queries = useQueryClient()
  const read = useMutation({
    mutationFn: () => client.getPlan({ params: { name: organization }, query: { refresh: true, limit: 1 } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: planQuery(organization).queryKey }),
  })
  return (
    <Stack>
      {/* It stays where what the address asks for is refused. */}
      <SearchField
        label="Only on AWS accounts called"
        value={account}
        onSearch={(text) =>
          void navigate({
            to: '.',
            replace: true,
            resetScroll: false,
            search: (before) => ({ ...before, account: text }),
          })
        }
      />
      <Loaded query={query} like={<TableSkeleton />}>
        {({ pages: [plan, ...further] }) =>
          plan && (
            <Stack>
              <Group justify="space-between">
                <Text size="sm" c="dimmed">
                  {plan.sweptAt === undefined ? (
                    'AWS has not been read yet.'
                  ) : (
                    <>
                      From what AWS held <Time at={plan.sweptAt} />.
                    </>
                  )}
                </Text>
                <Group>
                  <Button variant="default" loading={read.isPending} onClick={() => read.mutate()}>
                    Read AWS again
                  </Button>
                  {plan.mode === 'shadow' && account === undefined && !query.isPlaceholderData && <Start plan={plan} />}
                </Group>
              </Group>
              {account !== undefined && (
                <Text size="sm">
                  Shown are assignments on these accounts. Memberships of the groups that are assigned there are not:
                  whom they let in or out stands in the whole plan.
                </Text>
              )}
              {read.isError && <Problem error={read.error} />}
              <Operations
                plan={plan}
                isPart={account !== undefined}
                operations={[plan, ...further].flatMap(({ operations }) => operations)}
                notes={[plan, ...further].flatMap(({ notes }) => notes)}
                onEnd={() => {
                  if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage()
                }}
              />
            </Stack>
          )
        }
      </Loaded>
    </Stack>
  )
}

/** How many of all pages take something away. */
export const removalsOf = ({ counts }: PlanView): number =>
  Object.entries(counts).reduce((sum, [kind, count]) => sum + (/^(delete|remove)-/.test(kind) ? count : 0), 0)

function Operations({
  plan,
  isPart,
  operations,
  notes,
  onEnd,
}: {
  readonly plan: PlanView
  /** Of some accounts only. */
  readonly isPart: boolean
  readonly operations: PlanView['operations']
  readonly notes: PlanView['notes']
  readonly onEnd: () => void
}) {
  const { totals } = plan
  const removals = removalsOf(plan)
  return (
    <>
      {totals.operations === 0 ? (
        <Empty>
          {isPart ? 'No assignment would change on such accounts' : sayNothing(notes)}
          {totals.held > 0 ? `, but for ${formatCount(totals.held)} held back` : ''}.
        </Empty>
      ) : (
        <>
          <Text size="sm">
            {formatCount(totals.operations - removals)} added or changed, {formatCount(removals)} removed
          </Text>
          <DataTable
            label="Operations"
            rows={operations}
            columns={OPERATION_COLUMNS}
            idOf={({ key }) => key}
            total={totals.operations}
            onEnd={onEnd}
          />
        </>
      )}
      {notes.length > 0 && (
        <Section title="Notes">
          {notes.map(({ kind, about, message }) => (
            <Text key={`${kind} ${about} ${message}`} size="sm" className="wrap">
              <Prose text={message} />
            </Text>
          ))}
        </Section>
      )}
    </>
  )
}

const sayNothing = (notes: PlanView['notes']): string =>
  notes.some(({ kind }) => kind === 'drift-reported')
    ? 'Nothing would change: what was changed in AWS is reported, and stays as it is'
    : 'Nothing would change: AWS equals the decisions'

export const OPERATION_COLUMNS: readonly Column<OperationView>[] = [
  {
    id: 'sign',
    title: '+ −',
    width: 56,
    cell: ({ removes }) =>
      removes ? (
        <IconMinus size={15} aria-label="removes" className="loss" />
      ) : (
        <IconPlus size={15} aria-label="adds" className="gain" />
      ),
  },
  { id: 'what', title: 'What', cell: ({ summary }) => <span title={summary}>{summary}</span> },
  { id: 'why', title: 'Why', cell: ({ cause }) => <span title={cause}>{cause}</span> },
]

function Start({ plan }: { readonly plan: PlanView }) {
  const [isOpen, { open, close }] = useDisclosure()
  const queries = useQueryClient()
  const may = useMay('update', 'plugin')
  const { organization, hash, totals } = plan
  const removals = removalsOf(plan)
  const start = useMutation({
    mutationFn: () => client.startOrganization({ params: { name: organization }, body: { planHash: hash } }),
    async onSuccess() {
      await queries.invalidateQueries({ queryKey: ['organization', organization] })
      close()
    },
  })
  return (
    <>
      {!may && (
        <Text size="sm" c="dimmed">
          Starting takes the right to update integrations.
        </Text>
      )}
      <Button disabled={!may} onClick={open}>
        Start writing to AWS
      </Button>
      <Modal opened={isOpen} onClose={close} title="Let Gatehouse write to AWS?">
        <Stack>
          <Text size="sm">
            It begins with {sayMany(totals.operations - removals, 'addition or change', 'additions and changes')} and{' '}
            {sayMany(removals, 'removal')}: the plan that is shown here. If AWS has changed since so that more would be
            removed, nothing happens.
          </Text>
          {start.isError && <Problem error={start.error} />}
          <Group>
            <Button loading={start.isPending} onClick={() => start.mutate()}>
              Start
            </Button>
            <Button variant="default" onClick={close}>
              Not yet
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}
