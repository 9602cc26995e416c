import { describe, expect, it } from 'vitest'
import { effectiveRoles } from '../roles/effective-roles.ts'
import { DEFAULT_OPTIONS, type Role } from '../roles/role.ts'
import {
  ADMIN,
  aLock,
  approved,
  aRequest,
  aRole,
  aUser,
  aView,
  MANAGEMENT,
  NOW,
  on,
  PROD,
  requestId,
  roleName,
} from '../testing/builders.ts'
import { fileRequest } from './file-request.ts'
import { requestOnSignIn } from './request-on-sign-in.ts'

const dba = aRole('dba')
const asking = (options: Partial<Role['options']>, prompt?: string): Role =>
  aRole('asker', {
    options: { ...DEFAULT_OPTIONS, ...options },
    allow: {
      request: { roles: ['dba'], ...(prompt === undefined ? {} : { reason: { mode: 'required', prompt } }) },
    },
  })
const wanted = (
  role: Role,
  { requests = [], locks = [] }: Partial<Parameters<typeof aView>[0]> = {},
  held = ['asker'],
) => {
  const user = aUser('ana', { roles: held })
  const view = aView({ users: [user], roles: [role, dba], requests, locks })
  return requestOnSignIn(user, effectiveRoles(user, view, NOW), view, NOW)
}

describe('what a role wants its holder to ask for on signing in', () => {
  it('is nothing unless it says so', () => {
    expect(wanted(asking({}))).toBeUndefined()
  })
  it('is everything he may ask for, with the prompt of the role', () => {
    expect(wanted(asking({ requestAccess: 'always', requestPrompt: 'Ticket?' }))).toEqual({
      needsReason: false,
      prompts: ['Ticket?'],
    })
  })
  it('comes with a reason where the role, or what is asked for, needs one', () => {
    expect(wanted(asking({ requestAccess: 'reason' }))).toEqual({ needsReason: true, prompts: [] })
    expect(wanted(asking({ requestAccess: 'always', requestPrompt: 'Ticket?' }, 'Why?'))).toEqual({
      needsReason: true,
      prompts: ['Why?', 'Ticket?'],
    })
  })
  it('is nothing while a request waits or is in force, and where there is nothing to ask for', () => {
    const always = asking({ requestAccess: 'always' })
    expect(wanted(always, { requests: [aRequest('r', 'ana', { roles: ['dba'] })] })).toBeUndefined()
    expect(wanted(always, { requests: [aRequest('r', 'ana', { roles: ['dba'], ...approved() })] })).toBeUndefined()
    expect(wanted(always, {}, ['asker', 'dba'])).toBeUndefined()
    expect(wanted(always, { locks: [aLock({ kind: 'role', role: roleName('dba') })] })).toBeUndefined()
  })
})

describe('asking for *', () => {
  it('leaves out what nobody could be given: locked roles, and the management account', () => {
    const asker = aRole('asker', { allow: { request: { roles: ['dba', 'ops', 'AdministratorAccess-*'] } } })
    const user = aUser('ana', { roles: ['asker'] })
    const view = aView({
      users: [user],
      roles: [asker, dba, aRole('ops')],
      locks: [aLock({ kind: 'role', role: roleName('ops') })],
    })
    const wish = { roles: ['*'], resourceIds: [], reason: '', suggestedReviewers: [] }
    const names = fileRequest(requestId('r'), user, wish, view, NOW).roles.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['dba', on(ADMIN, PROD)]))
    expect(names).not.toContain('ops')
    expect(names).not.toContain(on(ADMIN, MANAGEMENT))
  })
})

describe('a reason that is missing', () => {
  it('is asked for with every prompt, each once', () => {
    const one = asking({ requestAccess: 'reason', requestPrompt: 'Ticket?' }, 'Why?')
    const other = { ...asking({ requestAccess: 'reason', requestPrompt: 'Ticket?' }), name: roleName('other') }
    const user = aUser('ana', { roles: ['asker', 'other'] })
    const view = aView({ users: [user], roles: [one, other, dba] })
    const file = (reason: string) =>
      fileRequest(requestId('r'), user, { roles: ['dba'], resourceIds: [], reason, suggestedReviewers: [] }, view, NOW)
    expect(() => file(' ')).toThrow('A reason is required.')
    try {
      file('')
    } catch (error) {
      expect(error).toMatchObject({ problem: { remedy: 'Give one with --reason: Why? Ticket?' } })
    }
    expect(file('INC-7').reason).toBe('INC-7')
  })
})
