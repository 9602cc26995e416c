import { Select, SimpleGrid, Text, TextInput } from '@mantine/core'
import { ListsInput, RolesInput, UsersInput, useTitles } from '../../components/pickers.tsx'
import { sayName } from '../../components/say-name.ts'
import { ownerKey, REVIEWERS } from './list-form.ts'
import { bindListFields, type ListFieldsProps, ListPart, Traits } from './list-part.tsx'

export function OwnerDescriptions(props: ListFieldsProps) {
  const { form, onChange } = props
  const { ownerUsers, ownerLists, ownerDescriptions } = form
  const titleOf = useTitles(ownerLists)
  const owners = [
    ...ownerUsers.map((name) => ({ key: ownerKey('user', name), says: name })),
    ...ownerLists.map((id) => ({ key: ownerKey('list', id), says: titleOf(id) })),
  ]
  if (owners.length === 0) return null
  return (
    <ListPart {...props} title="Descriptions of owners" holds={['ownerDescriptions']}>
      {owners.map(({ key, says }) => (
        <TextInput
          key={key}
          label={sayName(says)}
          maxLength={1000}
          value={ownerDescriptions[key] ?? ''}
          onChange={(event) =>
            onChange({ ...form, ownerDescriptions: { ...ownerDescriptions, [key]: event.currentTarget.value } })
          }
        />
      ))}
    </ListPart>
  )
}

export function Requirements(props: ListFieldsProps) {
  const { names } = bindListFields(props)
  return (
    <ListPart
      {...props}
      title="What it asks for"
      holds={['membershipRoles', 'membershipTraits', 'ownershipRoles', 'ownershipTraits']}
    >
      <Text size="sm" c="dimmed">
        Who has not all of it stays in the list, and gets nothing.
      </Text>
      <RolesInput label="Roles that members must have" {...names('membershipRoles')} />
      <Traits {...props} field="membershipTraits" label="Traits that members must have" />
      <RolesInput label="Roles that owners must have" {...names('ownershipRoles')} />
      <Traits {...props} field="ownershipTraits" label="Traits that owners must have" />
    </ListPart>
  )
}

export function Reviews(props: ListFieldsProps) {
  const { text, choice, names } = bindListFields(props)
  return (
    <ListPart
      {...props}
      title="Reviewers and overdue reviews"
      holds={['reviewers', 'suspendAfter', 'escalateAfter', 'escalateUsers', 'escalateLists']}
    >
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <Select label="Reviewers needed" data={REVIEWERS} {...choice('reviewers')} />
      </SimpleGrid>
      <TextInput
        label="Overdue, it gives nothing after"
        description="Such as 30d, until somebody reviews it. Left empty, it goes on giving."
        {...text('suspendAfter')}
      />
      <TextInput
        label="Overdue, it goes to others as well after"
        description="Such as 7d."
        {...text('escalateAfter')}
      />
      <UsersInput label="Users it goes to" {...names('escalateUsers')} />
      <ListsInput label="Lists it goes to" {...names('escalateLists')} />
    </ListPart>
  )
}

export const GivenTraits = (props: ListFieldsProps) => (
  <ListPart {...props} title="Traits that it gives" holds={['grantTraits', 'ownerGrantTraits']}>
    <Traits {...props} field="grantTraits" label="Traits for members" />
    <Traits {...props} field="ownerGrantTraits" label="Traits for owners" />
  </ListPart>
)
