import type { AuditEvent, DriftFinding, HeldOperation, OrganizationId } from '@gatehouse/domain'
import { GLOBEX, NOW } from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import { createWaitingReport } from './report-waiting.ts'

const found: DriftFinding = {
  kind: 'group-deleted',
  message: 'Group finance was deleted in AWS.',
  operation: { kind: 'create-group', group: 'finance/members', title: 'finance' },
}

it('what waits is recorded once, and again as long as that has failed', async () => {
  const recorded: (readonly AuditEvent[])[] = []
  let isDown = true
  const report = createWaitingReport(
    {
      log: { info: () => {}, warn: () => {}, error: () => {} },
      async commit({ events }) {
        if (isDown) throw new Error('the database is away')
        recorded.push(events)
      },
    },
    'acme' as OrganizationId,
  )
  const made = { held: [], drift: [found] }
  await expect(report(made, NOW)).rejects.toThrow('away')
  isDown = false
  await report(made, NOW)
  await report(made, NOW)
  expect(recorded.map((events) => events.map(({ event }) => event))).toEqual([['aws_identity_center.drift.found']])
  await report({ held: [], drift: [] }, NOW)
  await report(made, NOW)
  expect(recorded).toHaveLength(2)
})

it('what waits is recorded with the organization that it waits in', async () => {
  const recorded: AuditEvent[] = []
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  const commit = async ({ events }: { events: readonly AuditEvent[] }) => void recorded.push(...events)
  const held: HeldOperation = { operation: found.operation, reason: 'too many' }
  await createWaitingReport({ log, commit }, GLOBEX.id)({ held: [held], drift: [found] }, NOW)
  expect(recorded.map(({ event, fields, subjects }) => [event, fields['organization'], subjects])).toEqual([
    ['aws_identity_center.removals.held', 'globex', ['organization:globex']],
    ['aws_identity_center.drift.found', 'globex', ['organization:globex']],
  ])
})
