import { Button, Group } from '@mantine/core'
import { useQueries, useQuery } from '@tanstack/react-query'
import { Loaded } from '../../components/loaded.tsx'
import { usePageKeys } from '../../components/page-keys.tsx'
import { Empty, Page } from '../../components/page.tsx'
import { Section } from '../../components/section.tsx'
import { Drift } from './drift.tsx'
import { organizationsQuery, statusQuery } from './organizations-query.ts'
import { PageLink } from '../../components/link.tsx'

/** What was changed in AWS beside Gatehouse, in all organizations. */
export function DriftPage() {
  const query = useQuery(organizationsQuery)
  const keys = usePageKeys([
    { key: 'j', words: 'the next change', run: () => step(1) },
    { key: 'k', words: 'the change before', run: () => step(-1) },
    { key: 'x', words: 'choose the change, or not', run: () => changes().find(isFocused)?.click() },
  ])
  return (
    <Page title="Drift">
      <Loaded query={query}>
        {({ items }) => <OfOrganizations names={items.map(({ name }) => name)} onKeys={keys.show} />}
      </Loaded>
      {keys.dialog}
    </Page>
  )
}

/** The boxes of all organizations, one after the other. */
const changes = (): readonly HTMLInputElement[] => [
  ...document.querySelectorAll<HTMLInputElement>('main .changes input[type="checkbox"]:not(:disabled)'),
]
const isFocused = (box: HTMLElement): boolean => box === document.activeElement

function step(by: 1 | -1): void {
  const boxes = changes()
  const now = boxes.findIndex(isFocused)
  boxes[now === -1 ? 0 : Math.max(0, Math.min(boxes.length - 1, now + by))]?.focus()
}

function OfOrganizations({ names, onKeys }: { readonly names: readonly string[]; readonly onKeys: () => void }) {
  const statuses = useQueries({ queries: names.map(statusQuery) })
  const shown = names.flatMap((name, index) => {
    const status = statuses[index]
    return status && (status.data === undefined || status.isError || status.data.totals.drift > 0)
      ? [{ name, status }]
      : []
  })
  if (shown.length === 0)
    return (
      <Empty
        action={
          <PageLink to="/audit" search={{ event: 'aws_identity_center.drift.found' }} size="sm">
            Show what was found before
          </PageLink>
        }
      >
        Nothing was changed in AWS that waits for a decision. What drift policy takes back or follows by itself is in
        the audit log; the policy is among the settings of each organization.
      </Empty>
    )
  // What can't be read of one hides nothing of the others.
  return (
    <>
      <Group justify="flex-end" visibleFrom="xs">
        <Button size="compact-xs" variant="subtle" color="gray" onClick={onKeys}>
          Keys
        </Button>
      </Group>
      {shown.map(({ name, status }) => (
        <Section key={name} title={name}>
          <Loaded query={status}>{(read) => <Drift status={read} />}</Loaded>
        </Section>
      ))}
    </>
  )
}
