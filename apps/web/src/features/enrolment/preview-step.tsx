import type { EnrolmentView } from '@gatehouse/api'
import { Button, Checkbox, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSession } from '../../app/session.ts'
import { type Filter, FilterEditor, partsOf, type Readable } from '../../components/filter-editor.tsx'
import { LabelFilterInput } from '../../components/label-filter.tsx'
import { required } from '../../components/complaints.ts'
import { UsersInput } from '../../components/pickers.tsx'
import { Section } from '../../components/section.tsx'
import { sayProblem } from './draft-text.tsx'
import { accountsQuery } from './enrolment-query.ts'
import { PreviewTables } from './preview-tables.tsx'
import { isSame, useSave } from './save-draft.ts'
import { useChoice } from './use-choice.ts'

interface StepProps {
  readonly enrolment: EnrolmentView
}

/** What AWS holds, what of it is taken over, and who owns the lists made from it. */
export function PreviewStep({ enrolment }: StepProps) {
  const { given } = enrolment
  const canRead = given.region !== undefined && given.instanceArn !== undefined && given.roleArn !== undefined
  return (
    <>
      <Section title="What you give us">
        <Stack maw={760}>
          <Owners enrolment={enrolment} />
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <AccountFilter enrolment={enrolment} canRead={canRead} />
            {given.rolesSyncMode !== 'NONE' && (
              <DraftFilter enrolment={enrolment} field="groupFilter" legend="Groups" noun="group" />
            )}
          </SimpleGrid>
          <Modes enrolment={enrolment} />
        </Stack>
      </Section>
      <Section title="What we found">
        {canRead ? (
          <PreviewTables enrolment={enrolment} />
        ) : (
          <Text size="sm">AWS can be read once the Region, the instance and the role of the first step are given.</Text>
        )}
      </Section>
    </>
  )
}

function Owners({ enrolment }: StepProps) {
  const choice = useChoice(enrolment, 'defaultOwners')
  const [isLeft, setLeft] = useState(false)
  const me = useSession()?.user.name ?? enrolment.startedBy
  const owners = choice.value ?? []
  const give = (names: readonly string[]): void => choice.set(names.length === 0 ? null : [...names])
  return (
    <Stack gap={6}>
      <UsersInput
        label="Owners of the lists made from groups"
        description="At least one user; it can be changed later, list by list. Enter ends a name."
        required
        value={owners}
        error={sayProblem(choice.problem) ?? (isLeft ? required(owners) : undefined)}
        onBlur={() => setLeft(true)}
        onChange={give}
      />
      {owners.length === 0 && (
        <Group gap="xs">
          <Text size="sm">Proposed: whoever enrols.</Text>
          <Button size="compact-xs" variant="default" onClick={() => give([me])}>
            Make {me} the owner
          </Button>
        </Group>
      )}
    </Stack>
  )
}

function AccountFilter({ enrolment, canRead }: StepProps & { readonly canRead: boolean }) {
  const query = useInfiniteQuery({ ...accountsQuery(enrolment.name, EVERYTHING), enabled: canRead })
  const read = query.data?.pages[0]
  const readable = read && { units: read.unitsReadable, tags: read.tagsReadable }
  return (
    <DraftFilter enrolment={enrolment} field="accountFilter" legend="Accounts" noun="account" accounts={{ readable }} />
  )
}
/** As the table below asks at first, so that AWS is read once. */
const EVERYTHING = { search: undefined, inside: undefined }

/** Saved when it can be read: a part that is still empty stays here. */
function DraftFilter({
  enrolment,
  field,
  legend,
  noun,
  accounts,
}: StepProps & {
  readonly field: 'accountFilter' | 'groupFilter'
  readonly legend: string
  readonly noun: string
  readonly accounts?: { readonly readable: Readable | undefined }
}) {
  const save = useSave(enrolment.name)
  const saved = enrolment.given[field] ?? []
  const [typed, setTyped] = useState<Filter>()
  const keep = (filter: Filter): void => {
    const parts = partsOf(filter)
    if (isSame(parts, saved)) return
    save.mutate(
      { changes: { [field]: parts.length === 0 ? null : parts }, from: { [field]: enrolment.given[field] } },
      { onSuccess: () => setTyped((now) => (now !== undefined && isSame(partsOf(now), now) ? undefined : now)) },
    )
  }
  return (
    <FilterEditor
      legend={legend}
      noun={noun}
      filter={typed ?? saved}
      {...(accounts ? { accounts } : {})}
      problem={sayProblem(save.error)}
      onChange={setTyped}
      onLeave={keep}
    />
  )
}

function Modes({ enrolment }: StepProps) {
  const users = useChoice(enrolment, 'userFilter')
  const roles = useChoice(enrolment, 'rolesSyncMode')
  return (
    <>
      <LabelFilterInput
        filter={users.value ?? []}
        problem={sayProblem(users.problem)}
        onLeave={(filter) => users.set(filter.length === 0 ? null : filter)}
      />
      <Checkbox
        label="Offer a role for every account and permission set, and make lists from groups"
        description="Without it nothing is derived and no group becomes a list: for organizations of very many accounts and sets."
        checked={roles.value !== 'NONE'}
        error={sayProblem(roles.problem)}
        onChange={(event) =>
          event.currentTarget.checked ? roles.set('ALL') : roles.set('NONE', { groupFilter: null })
        }
      />
    </>
  )
}
