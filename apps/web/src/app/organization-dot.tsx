import { ActionIcon } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { useQueries, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { organizationsQuery, statusQuery } from '../features/organizations/organizations-query.ts'
import { sayStatus } from '../features/organizations/say-status.ts'
import { useMay } from './session.ts'

const LOOKS = {
  ok: ['green', IconCircleCheck, 'well'],
  attention: ['yellow', IconAlertTriangle, 'needs a look'],
  failing: ['red', IconCircleX, 'failing'],
} as const
const WORST: readonly (keyof typeof LOOKS)[] = ['failing', 'attention', 'ok']

/** Whether all is well with AWS, on every page of whoever may know it; of several organizations the one that is worst. */
export function OrganizationDot() {
  return useMay('read', 'aws_identity_center') ? <Dot /> : null
}

function Dot() {
  const names = useQuery(organizationsQuery).data?.items.map(({ name }) => name) ?? []
  const statuses = useQueries({
    queries: names.map(statusQuery),
    combine: (results) => results.flatMap(({ data }) => data ?? []),
  })
  const [data] = statuses.toSorted((a, b) => WORST.indexOf(a.health) - WORST.indexOf(b.health))
  if (!data) return null
  const { organization: name } = data
  const [color, Icon, word] = LOOKS[data.health]
  return (
    <ActionIcon
      variant="subtle"
      color={color}
      data-tip={sayStatus(data)}
      aria-label={`${name} is ${word}: ${sayStatus(data)}`}
      renderRoot={(props) => <Link to="/organizations/$name" params={{ name }} {...props} />}
    >
      <Icon size={18} aria-hidden />
    </ActionIcon>
  )
}
