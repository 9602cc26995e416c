import type { AuditEventView } from '@gatehouse/api'
import { cut, sayName } from '../../components/say-name.ts'
import { AS_WRITTEN, type PlaceNames } from '../../components/place-names.ts'

const LONGEST = 300
const MOST_NAMED = 5

/** What happened to a list, in words; an event that has none here by its name and fields. */
export function sayEvent(event: AuditEventView, names: PlaceNames = AS_WRITTEN): Said {
  const assignment = sayAssignment(event, names)
  if (assignment) return assignment
  const said = sayWhat(event)
  const { success, error } = event.fields
  return success === false ? { title: `Refused: ${said.title}`, text: textOf(error) } : said
}

interface Said {
  readonly title: string
  readonly text: string
}

function sayWhat({ event, user, fields }: AuditEventView): Said {
  const who = sayName(user ?? 'Gatehouse')
  switch (event) {
    case 'access_list.create':
      return { title: `${who} made the list`, text: '' }
    case 'access_list.update':
      return { title: `${who} changed the list`, text: '' }
    case 'access_list.member.create':
      return { title: `${who} added ${sayNames(membersOf(fields))}`, text: sayReasons(fields) }
    case 'access_list.member.update':
      return {
        title: `${who} changed the membership of ${sayNames(membersOf(fields))}`,
        text: sayReasons(fields),
      }
    case 'access_list.member.delete':
      return { title: `${who} took out ${sayNames(membersOf(fields))}`, text: '' }
    case 'access_list.review': {
      const removed = namesIn(fields['removed_members'])
      const out = removed.length === 0 ? 'Nobody was taken out.' : `Taken out: ${sayNames(removed)}.`
      return { title: `${who} reviewed the list`, text: cut(`${out} ${textOf(fields['notes'])}`, LONGEST) }
    }
    case 'access_list.suspend':
      return { title: 'The list gives nothing until it is reviewed', text: `It was due on ${dayOf(fields)}.` }
    case 'access_list.review.reminder':
      return { title: 'Its owners were reminded of the review', text: `It is due on ${dayOf(fields)}.` }
    case 'access_list.review.escalate':
      return {
        title: `Its review went to ${sayNames(namesIn(fields['escalated_to']))} as well`,
        text: `It was due on ${dayOf(fields)}.`,
      }
    case 'aws_identity_center.group.pushed':
      return { title: `AWS: group ${sayName(textOf(fields['group']))} ${textOf(fields['change'])}`, text: '' }
    case 'aws_identity_center.group.members_changed':
      return { title: `AWS confirmed ${sayMembers(fields)}`, text: `Group ${sayName(textOf(fields['group']))}` }
    default:
      return { title: `${who}: ${event}`, text: sayFields(fields) }
  }
}

type Fields = AuditEventView['fields']

/** What AWS has confirmed, or refused, of what the list gives. */
function sayAssignment({ event, fields }: AuditEventView, { accountOf, setOf }: PlaceNames): Said | undefined {
  const isMade = event === 'aws_identity_center.account_assignment.created'
  if (!isMade && event !== 'aws_identity_center.account_assignment.deleted') return undefined
  const what = recordsIn(fields['principal_assignments'])
    .map(
      (row) =>
        `${sayName(setOf(textOf(row['permission_set_arn'])))} on ${sayName(accountOf(textOf(row['account_id'])))}`,
    )
    .join(', ')
  const [{ principal_type: kind, friendly_name: name } = {}] = recordsIn([fields['principal_metadata']])
  const whom = `${isMade ? 'For' : 'From'} the ${kind === 'GROUP' ? 'group' : 'user'} ${sayName(textOf(name))}`
  if (fields['success'] === false)
    return {
      title: `AWS refused to ${isMade ? 'assign' : 'take away'} ${what}`,
      text: `${whom}: ${textOf(fields['error'])}`,
    }
  return { title: isMade ? `AWS confirmed ${what}` : `AWS confirmed that ${what} is gone`, text: whom }
}

const recordsIn = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value)
    ? value.flatMap((one: unknown) => (typeof one === 'object' && one !== null ? [{ ...one }] : []))
    : []

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const dayOf = (fields: Fields): string => textOf(fields['due_date']).slice(0, 10)

const namesIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []

const membersOf = (fields: Fields): readonly string[] => rowsOf(fields).flatMap(({ name }) => name)
const rowsOf = ({ members }: Fields): readonly { readonly name: string; readonly reason: string }[] =>
  Array.isArray(members)
    ? members.map((row: Readonly<Record<string, unknown>>) => ({
        name: textOf(row['member_name']),
        reason: textOf(row['reason']),
      }))
    : []

const sayReasons = (fields: Fields): string =>
  cut([...new Set(rowsOf(fields).map(({ reason }) => reason))].filter(Boolean).join('; '), LONGEST)

function sayNames(names: readonly string[]): string {
  if (names.length === 0) return 'nobody'
  const shown = names.slice(0, MOST_NAMED).map((name) => sayName(name))
  return names.length > MOST_NAMED ? `${shown.join(', ')} and ${names.length - MOST_NAMED} more` : shown.join(', ')
}

function sayMembers(fields: Fields): string {
  const [added, removed] = [namesIn(fields['added']), namesIn(fields['removed'])]
  return [
    ...(added.length === 0 ? [] : [`${sayNames(added)} in`]),
    ...(removed.length === 0 ? [] : [`${sayNames(removed)} out`]),
  ].join(', ')
}

const sayFields = (fields: Fields): string =>
  cut(
    Object.entries(fields)
      .map(([key, value]) => `${key}: ${sayName(typeof value === 'string' ? value : JSON.stringify(value))}`)
      .join(' · '),
    LONGEST,
  )
