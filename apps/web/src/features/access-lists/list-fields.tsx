import type { Document } from '@gatehouse/api'
import { Select, SimpleGrid, Text, Textarea, TextInput } from '@mantine/core'
import { FormPart } from '../../components/form-part.tsx'
import { ListsInput, RolesInput, UsersInput } from '../../components/pickers.tsx'
import { TraitsInput } from '../../components/traits-input.tsx'
import type { useFields } from '../../components/use-fields.ts'
import {
  canWriteTraits,
  DAYS,
  EMPTY_LIST,
  type Field,
  formOf,
  FREQUENCIES,
  isSaid,
  type ListForm,
  REVIEWERS,
  type TraitField,
} from './list-form.ts'

interface FieldsProps {
  readonly document: Document
  readonly form: ListForm
  readonly at: ReturnType<typeof useFields<Field>>['at']
  readonly onChange: (form: ListForm) => void
}

export function ListFields(props: FieldsProps) {
  const { form, at, onChange } = props
  const change = (part: Partial<ListForm>): void => onChange({ ...form, ...part })
  return (
    <>
      <TextInput
        label="Title"
        description="Also the name of its group in AWS."
        required
        maxLength={255}
        value={form.title}
        {...at('title')}
        onChange={(event) => change({ title: event.currentTarget.value })}
      />
      <Textarea
        label="Description"
        autosize
        minRows={2}
        maxRows={8}
        maxLength={1000}
        value={form.description}
        {...at('description')}
        onChange={(event) => change({ description: event.currentTarget.value })}
      />
      <UsersInput
        label="Owners"
        description="They add and remove members, and review them. Enter ends a name."
        required={form.ownerLists.length === 0}
        value={form.ownerUsers}
        {...at('ownerUsers')}
        onChange={(ownerUsers) => change({ ownerUsers })}
      />
      <ListsInput
        label="Lists that own it"
        description="Whoever is in one of them is an owner, too."
        value={form.ownerLists}
        {...at('ownerLists')}
        onChange={(ownerLists) => change({ ownerLists })}
      />
      <RolesInput
        label="Roles for members"
        description="Also a permission set on an account, such as ReadOnlyAccess-on-prod-123456789012."
        value={form.grants}
        {...at('grants')}
        onChange={(grants) => change({ grants })}
      />
      <RolesInput
        label="Roles for owners"
        value={form.ownerGrants}
        {...at('ownerGrants')}
        onChange={(ownerGrants) => change({ ownerGrants })}
      />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <Select
          label="Reviewed"
          data={[...FREQUENCIES]}
          value={form.frequency}
          {...at('frequency')}
          allowDeselect={false}
          onChange={(frequency) => frequency !== null && change({ frequency })}
        />
        <Select
          label="Day"
          data={[...DAYS]}
          value={form.day}
          {...at('day')}
          allowDeselect={false}
          onChange={(day) => day !== null && change({ day })}
        />
      </SimpleGrid>
      <Requirements {...props} />
      <Reviews {...props} />
      <GivenTraits {...props} />
    </>
  )
}

const REQUIREMENTS = ['membershipRoles', 'membershipTraits', 'ownershipRoles', 'ownershipTraits'] as const

function Requirements(props: FieldsProps) {
  const { form, at, onChange } = props
  return (
    <FormPart title="What it asks for" {...standOf(props, REQUIREMENTS)}>
      <Text size="sm" c="dimmed">
        Who has not all of it stays in the list, and gets nothing.
      </Text>
      <RolesInput
        label="Roles that members must have"
        value={form.membershipRoles}
        {...at('membershipRoles')}
        onChange={(membershipRoles) => onChange({ ...form, membershipRoles })}
      />
      <Traits {...props} field="membershipTraits" label="Traits that members must have" />
      <RolesInput
        label="Roles that owners must have"
        value={form.ownershipRoles}
        {...at('ownershipRoles')}
        onChange={(ownershipRoles) => onChange({ ...form, ownershipRoles })}
      />
      <Traits {...props} field="ownershipTraits" label="Traits that owners must have" />
    </FormPart>
  )
}

const REVIEWS = ['reviewers', 'suspendAfter', 'escalateAfter', 'escalateUsers', 'escalateLists'] as const

function Reviews(props: FieldsProps) {
  const { form, at, onChange } = props
  const change = (part: Partial<ListForm>): void => onChange({ ...form, ...part })
  return (
    <FormPart title="Reviewers and overdue reviews" {...standOf(props, REVIEWS)}>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <Select
          label="Reviewers needed"
          data={REVIEWERS}
          value={form.reviewers}
          {...at('reviewers')}
          allowDeselect={false}
          onChange={(reviewers) => reviewers !== null && change({ reviewers })}
        />
      </SimpleGrid>
      <TextInput
        label="Overdue, it gives nothing after"
        description="Such as 30d, until somebody reviews it. Left empty, it goes on giving."
        value={form.suspendAfter}
        {...at('suspendAfter')}
        onChange={(event) => change({ suspendAfter: event.currentTarget.value })}
      />
      <TextInput
        label="Overdue, it goes to others as well after"
        description="Such as 7d."
        value={form.escalateAfter}
        {...at('escalateAfter')}
        onChange={(event) => change({ escalateAfter: event.currentTarget.value })}
      />
      <UsersInput
        label="Users it goes to"
        value={form.escalateUsers}
        {...at('escalateUsers')}
        onChange={(escalateUsers) => change({ escalateUsers })}
      />
      <ListsInput
        label="Lists it goes to"
        value={form.escalateLists}
        {...at('escalateLists')}
        onChange={(escalateLists) => change({ escalateLists })}
      />
    </FormPart>
  )
}

const GIVEN = ['grantTraits', 'ownerGrantTraits'] as const

const GivenTraits = (props: FieldsProps) => (
  <FormPart title="Traits that it gives" {...standOf(props, GIVEN)}>
    <Traits {...props} field="grantTraits" label="Traits for members" />
    <Traits {...props} field="ownerGrantTraits" label="Traits for owners" />
  </FormPart>
)

const Traits = ({
  document,
  form,
  at,
  onChange,
  field,
  label,
}: FieldsProps & { readonly field: TraitField; readonly label: string }) => (
  <TraitsInput
    label={label}
    isWritable={canWriteTraits(document, field)}
    value={form[field]}
    {...at(field)}
    onChange={(text) => onChange({ ...form, [field]: text })}
  />
)

const NOTHING = formOf(EMPTY_LIST)

/** Whether any of the fields is filled in, and whether any is marked. */
const standOf = ({ document, form, at }: FieldsProps, fields: readonly Field[]) => ({
  isSet: fields.some((field) => isSaid(document, field) || String(form[field]) !== String(NOTHING[field])),
  isWrong: fields.some((field) => at(field).error !== undefined),
})
