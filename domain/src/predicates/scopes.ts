import type { Labels, Traits } from '../kernel/names.ts'

/** What a variable holds: traits and labels are looked into by a key, and a missing one is empty. */
interface VariableTypes {
  readonly text: string
  readonly set: readonly string[]
  readonly traits: Traits
  readonly labels: Labels
}
export type VariableType = keyof VariableTypes
export interface Variable {
  readonly type: VariableType
  readonly meaning: string
}

/** The variables that an expression in one place may use. */
export interface Scope {
  /** Where it is written. */
  readonly place: string
  readonly variables: Readonly<Record<string, Variable>>
}

/** What an expression is asked with. */
export type ValuesOf<S extends Scope> = {
  readonly [Name in keyof S['variables']]: VariableTypes[S['variables'][Name]['type']]
}

const USER = {
  'user.metadata.name': { type: 'text', meaning: 'the name of the user' },
  'user.spec.roles': { type: 'set', meaning: 'the roles that the user has' },
  'user.spec.traits': { type: 'traits', meaning: 'the user’s traits, own ones and those of lists' },
  external: { type: 'traits', meaning: 'short for `user.spec.traits`' },
} as const

const REVIEWER_AND_REQUEST = {
  'reviewer.roles': { type: 'set', meaning: 'the roles that the reviewer has' },
  'reviewer.traits': { type: 'traits', meaning: 'the reviewer’s traits, own ones and those of lists' },
  'request.roles': { type: 'set', meaning: 'the roles that are asked for, under their current names' },
  'request.reason': { type: 'text', meaning: 'why it is asked for' },
  'request.system_annotations': { type: 'traits', meaning: 'what the roles of the requester say about the request' },
} as const

export const LABELS_SCOPE = {
  place: '`app_labels_expression`',
  variables: { labels: { type: 'labels', meaning: 'the labels of the application' }, ...USER },
} as const satisfies Scope

export const REVIEW_WHERE_SCOPE = {
  place: '`review_requests.where`',
  variables: REVIEWER_AND_REQUEST,
} as const satisfies Scope

export const THRESHOLD_SCOPE = {
  place: '`filter` of a threshold',
  variables: {
    ...REVIEWER_AND_REQUEST,
    'review.reason': { type: 'text', meaning: 'why the reviewer decides so' },
    'review.annotations': { type: 'traits', meaning: 'always empty: a review carries none' },
  },
} as const satisfies Scope

export const RULE_SCOPE = {
  place: '`where` of a rule',
  variables: {
    'resource.kind': { type: 'text', meaning: 'the kind of the record' },
    'resource.metadata.name': { type: 'text', meaning: 'its name' },
    'resource.metadata.labels': { type: 'labels', meaning: 'its labels' },
    ...USER,
  },
} as const satisfies Scope

export const ATTRIBUTE_SCOPE = {
  place: '`value` of an attribute of a service provider',
  variables: {
    uid: { type: 'text', meaning: 'the name of the user' },
    username: { type: 'text', meaning: 'the name of the user' },
    ...USER,
  },
} as const satisfies Scope

export const RESOURCE_SCOPE = {
  place: '`query` of a search for resources',
  variables: {
    labels: { type: 'labels', meaning: 'the labels of the account' },
    name: { type: 'text', meaning: '`<account id>--<permission set>`' },
  },
} as const satisfies Scope

export const SCOPES: readonly Scope[] = [
  LABELS_SCOPE,
  REVIEW_WHERE_SCOPE,
  THRESHOLD_SCOPE,
  RULE_SCOPE,
  ATTRIBUTE_SCOPE,
  RESOURCE_SCOPE,
]
