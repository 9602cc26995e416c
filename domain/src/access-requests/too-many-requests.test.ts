import { describe, expect, it } from 'vitest'
import { days, hours, type Instant, minus, minutes, plus } from '../kernel/instant.ts'
import { DomainError, type Problem } from '../kernel/problems.ts'
import { PRESET_ROLES } from '../roles/preset-roles.ts'
import { approved, aRequest, aUser, aView, NOW, PROD, requestId } from '../testing/index.ts'
import type { AccessRequest } from './access-request.ts'
import { fileRequest } from './file-request.ts'
import { isForgotten } from './is-forgotten.ts'

const ana = aUser('ana', { roles: ['requester'] })
const scene = aView({ users: [ana], roles: PRESET_ROLES })
const filing = (requests: readonly AccessRequest[], now: Instant = NOW): Problem | undefined => {
  const wish = {
    roles: [],
    resourceIds: [`/acme/aws_ic_account_assignment/${PROD.id}--readonlyaccess`],
    reason: '',
    suggestedReviewers: [],
  }
  try {
    fileRequest(requestId('next'), ana, wish, aView({ ...scene, requests }), now)
    return undefined
  } catch (error) {
    if (error instanceof DomainError) return error.problem
    throw error
  }
}
const many = (count: number, partial: Parameters<typeof aRequest>[2]): readonly AccessRequest[] =>
  Array.from({ length: count }, (_, index) => aRequest(`r${index}`, 'ana', partial))
const yesterday = minus(NOW, days(1))

describe('somebody asks for no more', () => {
  it('once a hundred of his requests give access or are to, whoever decided them', () => {
    const running = { createdAt: yesterday, ...approved(NOW) }
    const planned = { createdAt: yesterday, ...approved(plus(NOW, days(1))) }
    for (const one of [running, planned]) {
      expect(filing(many(99, one))).toBeUndefined()
      expect(filing(many(100, one))).toMatchObject({ code: 'refused', message: expect.stringContaining('give access') })
      expect(filing(many(100, { ...one, expiresAt: NOW }))).toBeUndefined()
    }
  })
  it('once he has asked a hundred times in an hour, and for that hour', () => {
    const denied = { state: 'denied', resolvedAt: NOW, resolveReason: 'never', createdAt: NOW } as const
    expect(filing(many(99, denied))).toBeUndefined()
    expect(filing(many(100, denied), plus(NOW, minutes(59)))).toMatchObject({
      code: 'refused',
      remedy: expect.stringContaining('Wait until'),
    })
    expect(filing(many(100, denied), plus(NOW, hours(1)))).toBeUndefined()
  })
})

describe('a decided request is forgotten', () => {
  const forgotten = (request: AccessRequest, now: Instant, others: AccessRequest[] = []): boolean =>
    isForgotten(request, aView({ ...scene, requests: [request, ...others] }), now)
  it('ninety days after its end, and never before it is decided', () => {
    const ended = aRequest('r', 'ana', approved(NOW, hours(8)))
    const end = plus(NOW, hours(8))
    expect(forgotten(ended, minus(plus(end, days(90)), minutes(1)))).toBe(false)
    expect(forgotten(ended, plus(end, days(90)))).toBe(true)
    const denied = aRequest('r', 'ana', { state: 'denied', resolvedAt: NOW, resolveReason: '' })
    expect(forgotten(denied, plus(NOW, days(90)))).toBe(true)
    expect(forgotten(aRequest('r', 'ana'), plus(NOW, days(900)))).toBe(false)
  })
  it('not while access rests on it', () => {
    const ended = aRequest('r', 'ana', approved(NOW, hours(8)))
    const now = plus(NOW, days(100))
    const resting = aRequest('longer', 'ana', { prolongs: requestId('r'), ...approved(now) })
    expect(forgotten(ended, now, [resting])).toBe(false)
    expect(forgotten(ended, plus(now, days(1)), [resting])).toBe(true)
  })
})
