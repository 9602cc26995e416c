import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { type AccessRequestDetailView, createClient, type ProblemDetails, type Session } from '@gatehouse/api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type LoginRequest, requestOnSignIn } from './request-on-sign-in.ts'

const SESSION: Session = {
  user: { id: 'u1', name: 'ana@acme.example' },
  roles: ['asker'],
  isEditor: false,
  rights: {},
  cluster: 'acme.example',
  publicAddress: 'https://gatehouse.acme.example',
  startedAt: '2027-03-01T09:00:00Z',
  validUntil: '2027-03-01T21:00:00Z',
  assumed: [],
  activeRequests: [],
}
const FILED: AccessRequestDetailView = {
  id: 'r1',
  user: 'ana@acme.example',
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
  pendingUntil: '2027-03-08T09:00:00Z',
  duration: '8h',
  dryRun: false,
  warnings: [],
  may: { review: false, promote: false, delete: true, return: false, prolong: false },
  promotionCandidates: [],
  promotionCandidatesTotal: 0,
  assignments: [],
}
const REFUSAL: ProblemDetails = {
  type: 'about:blank',
  title: 'Forbidden',
  status: 403,
  detail: 'A reason is required.',
  code: 'refused',
  remedy: 'Give one with --reason.',
  requestId: 'q1',
}

/** Somebody who signs in to a server that answers requests for access with this. */
let asked: unknown[]
let answer: AccessRequestDetailView | ProblemDetails
let signIn: (wanted: Session['requestOnSignIn'], wish?: Partial<LoginRequest>) => Promise<readonly string[]>
beforeEach(async () => {
  asked = []
  answer = FILED
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      asked.push(JSON.parse(body))
      response.writeHead('code' in answer ? answer.status : 201, { 'content-type': 'application/json' })
      response.end(JSON.stringify(answer))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const client = createClient({
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    token: 't',
  })
  signIn = (wanted, wish = {}) =>
    requestOnSignIn(
      client,
      { ...SESSION, ...(wanted ? { requestOnSignIn: wanted } : {}) },
      { roles: [], reason: undefined, reviewers: [], ...wish },
      AbortSignal.timeout(10_000),
    )
  stop = () => new Promise<void>((resolve) => void server.close(() => resolve()))
})
let stop: () => Promise<void>
afterEach(() => stop())

describe('signing in with tsh', () => {
  it('asks for nothing unless a role or the user wants it', async () => {
    expect(await signIn(undefined)).toEqual([])
    expect(asked).toEqual([])
  })
  it('asks for everything where a role wants that, and says which request waits', async () => {
    expect(await signIn({ needsReason: false, prompts: [] })).toEqual([
      'Access request r1 waits for a decision; "tsh request show r1" tells how it stands.',
    ])
    expect(asked).toEqual([{ roles: ['*'], reason: '', suggestedReviewers: [] }])
  })
  it('asks for the roles that the user names, with his reason', async () => {
    await signIn(undefined, { roles: ['dba'], reason: 'INC-7', reviewers: ['bo'] })
    expect(asked).toEqual([{ roles: ['dba'], reason: 'INC-7', suggestedReviewers: ['bo'] }])
  })
  it('says what is asked, and how to answer, where nobody can be asked for a reason', async () => {
    expect(await signIn({ needsReason: true, prompts: ['Ticket?'] })).toEqual([
      'Your roles want you to ask for access, with a reason: Ticket?',
      'Ask with "tsh request create --roles <names> --reason <text>".',
    ])
    expect(asked).toEqual([])
  })
  it('goes on when asking is refused, unless the user named the roles', async () => {
    answer = REFUSAL
    expect((await signIn({ needsReason: false, prompts: [] }))[0]).toContain('that was refused: A reason is required.')
    await expect(signIn(undefined, { roles: ['dba'] })).rejects.toMatchObject({ code: 'refused' })
  })
})
