import { ActionIcon, Tooltip } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { organizationsQuery, statusQuery } from '../features/organizations/organizations-query.ts'
import { useMay } from './session.ts'

const LOOKS = {
  ok: ['green', IconCircleCheck, 'well'],
  attention: ['yellow', IconAlertTriangle, 'needs a look'],
  failing: ['red', IconCircleX, 'failing'],
} as const

/** Whether all is well with AWS, on every page of whoever may know it; the first organization stands for itself. */
export function OrganizationDot() {
  return useMay('read', 'aws_identity_center') ? <First /> : null
}

function First() {
  const { data } = useQuery(organizationsQuery)
  const name = data?.items[0]?.name
  return name === undefined ? null : <Dot name={name} />
}

function Dot({ name }: { readonly name: string }) {
  const { data } = useQuery(statusQuery(name))
  if (!data) return null
  const [color, Icon, word] = LOOKS[data.health]
  return (
    <Tooltip label={data.message} multiline maw={320}>
      <ActionIcon
        variant="subtle"
        color={color}
        aria-label={`${name} is ${word}: ${data.message}`}
        renderRoot={(props) => <Link to="/organizations/$name" params={{ name }} {...props} />}
      >
        <Icon size={18} aria-hidden />
      </ActionIcon>
    </Tooltip>
  )
}
