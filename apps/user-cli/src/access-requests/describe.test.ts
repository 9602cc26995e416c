import type { AccessRequestDetailView } from '@gatehouse/api'
import { localTime } from '@gatehouse/cli-kit'
import { describe, expect, it } from 'vitest'
import { describeRequest, requestTable } from './describe.ts'

const NOW = Date.parse('2027-03-01T10:00:00Z')
const aRequest = (with_: Partial<AccessRequestDetailView> = {}): AccessRequestDetailView => ({
  id: 'r1',
  user: 'bob@acme.example',
  roles: ['dba'],
  resources: [],
  applications: [],
  bundles: [],
  rows: [],
  needs: [],
  reason: '',
  suggestedReviewers: [],
  state: 'pending',
  reviews: [],
  createdAt: '2027-03-01T09:00:00Z',
  pendingUntil: '2027-03-01T11:30:29Z',
  duration: '8h',
  dryRun: false,
  warnings: [],
  may: { review: false, promote: false, delete: true, return: false, prolong: false },
  promotionCandidates: [],
  promotionCandidatesTotal: 0,
  assignments: [],
  ...with_,
})
const resource = (id: string) => [{ id }] as unknown as AccessRequestDetailView['resources'] // the table shows the id alone

describe('tsh request ls', () => {
  it('has the columns of the described product, times in UTC and what is left to the minute', () => {
    const approved = aRequest({
      id: 'r2',
      state: 'approved',
      startsAt: '2027-03-01T12:00:00Z',
      expiresAt: '2027-03-01T20:00:00Z',
      resources: resource('/acme.example/aws_ic_account_assignment/1'),
      roles: [],
    })
    expect(requestTable([aRequest(), approved], NOW)).toBe(`\
ID User             Roles Resources                Created At (UTC)    Request TTL Session TTL Assume Time (UTC)   Status
-- ---------------- ----- ------------------------ ------------------- ----------- ----------- ------------------- --------
r1 bob@acme.example dba                            01 Mar 27 09:00 UTC 1h30m       8h                              PENDING
r2 bob@acme.example       /acme.example/aws_ic [+] 01 Mar 27 09:00 UTC -           8h          01 Mar 27 12:00 UTC APPROVED
[+] Shortened: "tsh request show <id>" has all of them.

hint: "tsh request show <id>" shows everything about one.
hint: "tsh login --request-id <id>" assumes an approved one.`)
  })
  it('says nothing of what was cut when nothing was, and leaves out access that is over', () => {
    const over = aRequest({ id: 'r0', state: 'approved', expiresAt: '2027-03-01T09:59:59Z' })
    const shown = requestTable([over, aRequest()], NOW)
    expect(shown).not.toMatch(/\[\+\]|r0/)
    expect(requestTable([over], NOW)).toBe('There are no access requests.')
  })
})

describe('tsh request show', () => {
  it('says who has reviewed, who was only suggested, and when access ends on the clock of this machine', () => {
    const text = describeRequest(
      aRequest({
        state: 'approved',
        startsAt: '2027-03-01T12:00:00Z',
        expiresAt: '2027-03-01T20:00:00Z',
        reason: 'INC-7',
        suggestedReviewers: ['ana@acme.example', 'eva@acme.example'],
        reviews: [
          {
            author: 'ana@acme.example',
            verdict: 'approve',
            reason: 'ok',
            at: '2027-03-01T09:30:00Z',
            void: false,
          },
        ],
      }),
    )
    expect(text).toContain(`\
Request ID:        r1
Username:          bob@acme.example
Roles:             dba
Reason:            "INC-7"
Reviewers:         ana@acme.example, eva@acme.example (suggested)
Lasts:             8h
Access Expires:    ${localTime('2027-03-01T20:00:00Z')}
Assume Start Time: ${localTime('2027-03-01T12:00:00Z')}
Status:            APPROVED

Approvals:
Reviewer         Reason At
`)
    expect(describeRequest(aRequest())).toMatch(/Reason: +\[none\]\nReviewers: +\[none\]\n/)
  })
  it('says what the person has already in the accounts of the request, and that there is nothing else', () => {
    const held = { account: '111111111111', accountName: 'prod', permissionSetArn: 'arn:1', aws: 'confirmed' } as const
    const items = [
      { ...held, permissionSet: 'ReadOnly' },
      { ...held, permissionSet: 'Deploy', until: '2027-03-01T20:00:00Z' },
    ]
    expect(describeRequest(aRequest({ has: { items, total: 3 } }))).toContain(`\
bob@acme.example has already, in these accounts:
Account    Account ID   Permission Set In AWS           Until
---------- ------------ -------------- ---------------- --------------------
prod       111111111111 ReadOnly       confirmed by AWS no end
prod       111111111111 Deploy         confirmed by AWS 2027-03-01T20:00:00Z
and 1 more`)
    expect(describeRequest(aRequest({ has: { items: [], total: 0 } }))).toContain(
      'bob@acme.example has nothing else in these accounts.',
    )
    expect(describeRequest(aRequest())).not.toContain('in these accounts')
  })
})
