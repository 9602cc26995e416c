import { expect, it } from 'vitest'
import { z } from 'zod'
import { contract, type Endpoint } from './index.ts'

/** Answers with lists in them that come at once, and what keeps these short however large the organization is. */
const AT_ONCE: Readonly<Record<string, string>> = {
  signIn: 'what one person holds',
  getMe: 'what one person holds',
  redeemDeviceCode: 'the same',
  getAuditEvent: 'one event, and what it is about',
  changeAssumed: 'what one person holds',
  getUser: "a user's document",
  createUser: "a user's document",
  applyDocuments: 'as many as the body has documents, which is 2 MB',
  explainChange: 'MAX_DIFFERENCES',
  getAccessTimeline: 'MAX_MOMENTS',
  getAccessList: 'the document of a list, without its members',
  createAccessListReview: 'what the review took out',
  getReviewDraft: 'what one person has decided about one list, all of one version',
  saveReviewDraft: 'as many as the body names, MOST_VERDICTS',
  endAdoptedAssignments: 'as many as the body names, MAX_ENDED',
  createAccessRequest:
    '300 resources, or roles that give 10,000 account assignments, 100 permission sets; MAX_CANDIDATES lists',
  getAccessRequest: 'the same',
  reviewAccessRequest: 'the same',
  returnAccess: 'the same',
  promoteAccessRequest: 'the same',
  getOrganizationMetrics: 'an hour in slots of ten seconds, of four services; and in minutes',
  installOrganization: 'settings',
  getOrganization: 'settings',
  startOrganization: 'settings',
  editOrganization: 'settings',
  rotateScimToken: 'settings',
  stopRemoval: 'settings',
  checkPublicAddress: 'what AWS may have against one address',
  startEnrolment: 'what somebody has typed, with seven steps',
  getEnrolment: 'the same',
  editEnrolment: 'the same',
  testScim: 'the same',
  finishEnrolment: 'settings',
  checkRole: 'the permissions of one role',
  getIdentitySource: 'two certificates, and the metadata of one service provider',
  inviteLockedOut: '200 people',
  writePeopleRole: 'warnings about one role',
  getSamlIdentityProvider: 'certificates that somebody published',
}

const endpoints: readonly (readonly [string, Endpoint])[] = Object.entries(contract)

it('has no endpoint that lists something without pages', () => {
  const unpaged = endpoints
    .filter(([, endpoint]) => endpoint.response && hasArray(z.toJSONSchema(endpoint.response)) && !isPaged(endpoint))
    .map(([name]) => name)
  expect(unpaged.filter((name) => !(name in AT_ONCE))).toEqual([])
})

it('says of every paged answer whether there is more', () => {
  for (const [name, { response, ...endpoint }] of endpoints.filter(([, one]) => isPaged(one)))
    expect(response && namesIn(response), `${endpoint.method} ${name}`).toContain('"next":')
})

const hasArray = (schema: object): boolean => JSON.stringify(schema).includes('"type":"array"')

const namesIn = (response: z.ZodType): string => JSON.stringify(z.toJSONSchema(response))

const isPaged = ({ query }: Endpoint): boolean => {
  const fields = fieldsOf(query)
  return fields.includes('limit') && fields.includes('cursor')
}

const fieldsOf = (schema: z.ZodType | undefined): readonly string[] =>
  schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
