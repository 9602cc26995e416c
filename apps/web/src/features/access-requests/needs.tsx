import type { AccessRequestDetailView } from '@gatehouse/api'
import { Card, List, Text, Title } from '@mantine/core'
import { IconCircleCheck, IconHourglass } from '@tabler/icons-react'
import { Time } from '../../components/time.tsx'
import { sayName } from '../../components/say-name.ts'

/** Who has to agree, and how far that is. */
export function Needs({ needs }: { readonly needs: AccessRequestDetailView['needs'] }) {
  if (needs.length === 0) return null
  return (
    <section aria-labelledby="needs">
      <Title order={2} id="needs" mb="xs">
        Who has to agree
      </Title>
      {needs.map(({ met, thresholds }) => (
        <Card key={thresholds.map(({ name, rule }) => `${rule} ${name}`).join()} withBorder padding="sm" mb="xs">
          <List
            spacing={4}
            size="sm"
            icon={
              met ? <IconCircleCheck size={16} aria-label="met" /> : <IconHourglass size={16} aria-label="not met" />
            }
          >
            {thresholds.map(({ name, approvals, needed, reviewers, rule, opensAt }) => (
              <List.Item key={`${name} ${opensAt}`}>
                <span className="wrap">
                  {approvals} of {needed} {needed === 1 ? 'approval' : 'approvals'} by{' '}
                  {reviewers ? reviewers.map((name) => sayName(name)).join(', ') : 'anybody who may review it'}
                </span>
                <Text size="xs" c="dimmed" className="wrap">
                  {[
                    ...(rule === undefined ? [] : [`rule ${sayName(rule)}`]),
                    ...(name === '' ? [] : [sayName(name)]),
                  ].join(', ')}
                  {opensAt !== undefined && (
                    <>
                      , from <Time at={opensAt} />
                    </>
                  )}
                </Text>
              </List.Item>
            ))}
          </List>
          {thresholds.length > 1 && (
            <Text size="xs" c="dimmed">
              one of these
            </Text>
          )}
        </Card>
      ))}
    </section>
  )
}
