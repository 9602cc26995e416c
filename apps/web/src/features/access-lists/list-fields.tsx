import { Select, SimpleGrid, Textarea, TextInput } from '@mantine/core'
import { ListsInput, RolesInput, UsersInput } from '../../components/pickers.tsx'
import { DAYS, FREQUENCIES } from './list-form.ts'
import { GivenTraits, OwnerDescriptions, Requirements, Reviews } from './list-parts.tsx'
import { bindListFields, type ListFieldsProps } from './list-part.tsx'
import { TYPES } from './list-words.ts'

export function ListFields(props: ListFieldsProps) {
  const { form } = props
  const { text, choice, names } = bindListFields(props)
  return (
    <>
      <TextInput
        label="Title"
        description="Also the name of its group in AWS."
        required
        maxLength={255}
        {...text('title')}
      />
      <Textarea label="Description" autosize minRows={2} maxRows={8} maxLength={1000} {...text('description')} />
      <UsersInput
        label="Owners"
        description="They add and remove members, and review them. Enter ends a name."
        required={form.type === '' && form.ownerLists.length === 0}
        {...names('ownerUsers')}
      />
      <ListsInput
        label="Lists that own it"
        description="Whoever is in one of them is an owner, too."
        {...names('ownerLists')}
      />
      <RolesInput
        label="Roles for members"
        description="Also a permission set on an account, such as ReadOnlyAccess-on-prod-123456789012."
        {...names('grants')}
      />
      <RolesInput label="Roles for owners" {...names('ownerGrants')} />
      <Select label="Type" data={TYPES} description={WHO_KEEPS_IT[form.type]} {...choice('type')} />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <Select label="Reviewed" data={[...FREQUENCIES]} {...choice('frequency')} />
        <Select label="Day" data={[...DAYS]} {...choice('day')} />
        <TextInput
          type="datetime-local"
          label="Next review"
          description={`In your own time zone. Left empty, ${form.type === '' ? 'the first such day from now' : 'there is none'}.`}
          {...text('nextReview')}
        />
        <TextInput
          label="Shown to reviewers before that"
          description="Such as 7d. Left empty, 14 days."
          {...text('notice')}
        />
      </SimpleGrid>
      <OwnerDescriptions {...props} />
      <Requirements {...props} />
      <Reviews {...props} />
      <GivenTraits {...props} />
    </>
  )
}

const WHO_KEEPS_IT: Readonly<Record<string, string>> = {
  '': 'Its owners keep it, and go through it again by the date below.',
  static: 'A file keeps it, and nobody reviews it, whatever stands below.',
  scim: 'Another system keeps its members. It is reviewed if it has a date.',
}
