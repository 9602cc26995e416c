import { List } from '@mantine/core'
import { PageLink } from './link.tsx'

export function RoleLink({ name }: { readonly name: string }) {
  return (
    <PageLink to="/roles/$name" params={{ name }} size="sm">
      {name}
    </PageLink>
  )
}

/** Roles by name, each leading to its page. */
export function RoleLinks({ roles }: { readonly roles: readonly string[] }) {
  return (
    <List size="sm" listStyleType="none" spacing={2}>
      {roles.map((name) => (
        <List.Item key={name} className="wrap">
          <RoleLink name={name} />
        </List.Item>
      ))}
    </List>
  )
}
