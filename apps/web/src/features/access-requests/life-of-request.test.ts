import type { AccessRequestDetailView } from '@gatehouse/api'
import { expect, it } from 'vitest'
import { isOver, lifeOf, stateNow } from './life-of-request.ts'

const at = (minute: number): string => `2027-03-01T09:${String(minute).padStart(2, '0')}:00Z`
const NOW = Date.parse(at(10))

const row = (
  state: AccessRequestDetailView['assignments'][number]['state'],
  times: { readonly at?: string; readonly sentAt?: string; readonly confirmedAt?: string } = {},
): AccessRequestDetailView['assignments'][number] => ({
  account: '111111111111',
  accountName: 'prod',
  permissionSet: 'ReadOnly',
  permissionSetArn: 'arn:1',
  state,
  ...times,
})

const approval = { author: 'boris', verdict: 'approve', reason: '', at: at(2), void: false } as const

const approved: Partial<AccessRequestDetailView> = {
  state: 'approved',
  reviews: [approval],
  resolvedAt: at(2),
  startsAt: at(2),
  expiresAt: at(40),
}

function aRequest(over: Partial<AccessRequestDetailView>): AccessRequestDetailView {
  return {
    id: 'r',
    user: 'ana',
    roles: [],
    resources: [],
    reason: '',
    suggestedReviewers: [],
    state: 'pending',
    reviews: [],
    createdAt: at(0),
    pendingUntil: at(50),
    duration: '1h',
    applications: [],
    bundles: [],
    dryRun: false,
    warnings: [],
    may: { review: false, promote: false, delete: false, return: false, prolong: false },
    rows: [],
    needs: [],
    promotionCandidates: [],
    promotionCandidatesTotal: 0,
    assignments: [],
    ...over,
  }
}

const told = (over: Partial<AccessRequestDetailView>): readonly string[] =>
  lifeOf(aRequest(over), NOW).map(({ title, state, at: time, text }) =>
    [title, state, time?.slice(14, 16), ...(typeof text === 'string' && text !== '' ? [text] : [])].join(' '),
  )

it('leads from filing over the review that decided to what AWS confirmed and the end', () => {
  const assignments = [row('confirmed', { at: at(4), sentAt: at(3), confirmedAt: at(4) })]
  expect(told({ ...approved, assignments })).toEqual([
    'Filed done 00 by ana',
    'Approved done 02 by boris',
    'Sent to AWS done 03',
    'Confirmed by AWS done 04',
    'Ends ahead 40',
  ])
})

it('calls nothing sent or confirmed before all of it is', () => {
  const assignments = [
    row('confirmed', { at: at(4), sentAt: at(3), confirmedAt: at(4) }),
    row('sent', { sentAt: at(5) }),
    row('saved'),
  ]
  expect(told({ ...approved, assignments }).slice(2)).toEqual([
    'Goes to AWS now 05 2 of 3',
    'AWS confirms now 04 1 of 3',
    'Ends ahead 40',
  ])
  expect(told({ ...approved, assignments: [row('waiting')], startsAt: at(20) }).slice(2)).toEqual([
    'Begins ahead 20',
    'Goes to AWS ahead  0 of 1',
    'AWS confirms ahead  0 of 1',
    'Ends ahead 40',
  ])
})

it('says what AWS refused', () => {
  expect(told({ ...approved, assignments: [row('failed', { at: at(3) }), row('confirmed', { at: at(3) })] })).toContain(
    'AWS refused failed 03 1 of 2',
  )
})

it('tells when it was gone from AWS, at its end or given back before', () => {
  const times = { at: at(8), sentAt: at(3), confirmedAt: at(4) }
  expect(told({ ...approved, expiresAt: at(7), assignments: [row('ended', times)] }).slice(2)).toEqual([
    'Sent to AWS done 03',
    'Confirmed by AWS done 04',
    'Ended done 07',
    'Gone from AWS done 08',
  ])
  expect(told({ ...approved, assignments: [row('ending', times)] }).slice(4)).toEqual([
    'Given back done  before its end',
    'Gone from AWS now  0 of 1',
  ])
})

it('waits for a review, and ends where it was denied or nobody came', () => {
  expect(told({})).toEqual(['Filed done 00 by ana', 'Waits for review now ', 'Expires undecided ahead 50'])
  expect(told({ ...approved, state: 'denied', reviews: [{ ...approval, verdict: 'deny' }] }).slice(1)).toEqual([
    'Denied failed 02 by boris',
  ])
  expect(told({ ...approved, rule: 'night', reviews: [] })[1]).toBe('Approved done 02 by the rule night')
})

it('has ended at its end, or once all of it was given back, and says by whom', () => {
  const ended = aRequest({ ...approved, expiresAt: at(7), assignments: [row('ended', { at: at(8) })] })
  expect([isOver(ended, NOW), stateNow(ended, NOW)]).toEqual([true, 'ended'])
  const running = aRequest({ ...approved, assignments: [row('confirmed')] })
  expect([isOver(running, NOW), stateNow(running, NOW)]).toEqual([false, 'approved'])
  expect(isOver(aRequest({ ...approved, assignments: [row('ending')] }), NOW)).toBe(true)
  const rows = [{ id: 'r', name: 'r', state: 'returned', returned: { at: at(7), by: 'eva' } } as const]
  expect(told({ ...ended, rows })).toContain('Ended done 07 by eva')
})
