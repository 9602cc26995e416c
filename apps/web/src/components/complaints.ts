import { ApiProblem, type Endpoint, mistakesIn } from '@gatehouse/api'

/** What is wrong with a form, at its own fields. */
export type Complaints<Field extends string> = Partial<Readonly<Record<Field, string>>>

/** Where each field stands in what is sent, such as `body.maxDuration`; one may stand in several places. */
export type Places<Field extends string> = Readonly<Record<Field, string | readonly string[]>>

/** Of a field that is not shown just now. */
export const NO_PLACE = '-'

export const EMPTY = 'It can’t be left empty.'

/** What a field that has to be filled says while it is not. */
export const required = (value: string | readonly unknown[]): string | undefined =>
  (typeof value === 'string' ? value.trim() : value).length === 0 ? EMPTY : undefined

/** What the contract refuses of a body, said where it was typed. */
export function complaintsOf<Field extends string>(
  endpoint: Endpoint,
  body: unknown,
  places: Places<Field>,
): Complaints<Field> {
  const complaints = new Map<Field, string>()
  for (const { field: at, expected } of mistakesIn(endpoint, body)) {
    const field = fieldAt(at, places)
    if (field !== undefined && !complaints.has(field))
      complaints.set(field, expected === 'at least 1 character' ? EMPTY : `Enter ${expected}.`)
  }
  return Object.fromEntries(complaints) as Complaints<Field> // the keys are those of `places`
}

/** A refusal in words for the field that it is about; nothing where the form has no such field. */
export function refusalOf<Field extends string>(error: unknown, places: Places<Field>): Complaints<Field> {
  if (!(error instanceof ApiProblem)) return {}
  const field = fieldAt(error.field ?? placeOf(error, places), places)
  if (field === undefined) return {}
  // What is not valid stands in the field.
  const says = error.code === 'invalid-value' ? error.remedy : `${withoutPlace(error)} ${error.remedy}`
  return { [field]: says } as Complaints<Field> // it is one of them
}

/** A name that is taken is about the name, and the server says so without naming the field. */
const placeOf = ({ code }: ApiProblem, places: Places<string>): string =>
  (code === 'already-exists' &&
    Object.values(places)
      .flat()
      .find((place) => place.endsWith('.name'))) ||
  ''

/** The innermost one: a field may be a part of another. */
function fieldAt<Field extends string>(at: string, places: Places<Field>): Field | undefined {
  const isIn = (place: string): boolean => {
    const [inner, outer] = [plain(at), plain(place)]
    return inner === outer || (inner.startsWith(outer) && /^[.[]/.test(inner.slice(outer.length)))
  }
  return (Object.keys(places) as Field[]) // the keys of an object written by a form
    .flatMap((field) => [places[field]].flat().map((place) => ({ field, place })))
    .filter(({ place }) => isIn(place))
    .toSorted((one, other) => other.place.length - one.place.length)[0]?.field
}

/** A form has fields and no lines. */
const LINE = /^line \d+(?: \(\w+\))?, /

/** Rules of the domain say `max_duration` of what the contract calls `body.maxDuration`. */
const plain = (place: string): string =>
  place
    .replace(LINE, '')
    .replace(/^body\./, '')
    .replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** `body.maxDuration: "9y" is not valid.` without the place, which means nothing to whoever fills in a form. */
function withoutPlace({ message, field = '' }: ApiProblem): string {
  const [text, place] = [message.replace(LINE, ''), field.replace(LINE, '')]
  return capitalized(text.startsWith(`${place}: `) ? text.slice(place.length + 2) : text)
}

const capitalized = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

/** What a problem is called where no field shows it: `body.maxDuration: …` is `max duration: …`. */
export function sayPlace(error: ApiProblem): string {
  const { field, message } = error
  if (field === undefined || !/^(?:body|query|params)\./.test(field) || !message.startsWith(`${field}: `))
    return message
  const words = field
    .replace(/^\w+\./, '')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('.', ', ')
    .toLowerCase()
  return `${capitalized(words)}: ${message.slice(field.length + 2)}`
}
