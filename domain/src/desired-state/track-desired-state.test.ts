import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aList, aUser, aView, GLOBEX, histories, NOW, on, ADMIN, PROD } from '../testing/index.ts'
import { computeDesiredState } from './compute-desired-state.ts'
import { createDesiredStateTracker } from './track-desired-state.ts'
import { createView, deriveView, type OrganizationView } from './view.ts'

const MAPS = [
  'userById',
  'listById',
  'requestsByUser',
  'adoptedByUser',
  'userLinkByUser',
  'groupLinkByKey',
  'parentsOf',
  'ownedThrough',
  'entriesOfUser',
  'entriesOfList',
  'listsOwnedBy',
] as const

const contentsOf = (view: OrganizationView) => MAPS.map((name) => [name, new Map<unknown, unknown>(view[name])])

describe('a view that is derived', () => {
  it('has the same indexes as one that is made anew, after every step of a history', () => {
    fc.assert(
      fc.property(histories(), ([first, ...rest]) => {
        if (!first) return
        let view = createView(first.snapshot)
        for (const { snapshot } of rest) {
          const before = contentsOf(view)
          const next = deriveView(view, snapshot)
          const whole = createView(snapshot)
          expect(contentsOf(next)).toEqual(contentsOf(whole))
          expect(next.userLinks).toEqual(whole.userLinks)
          expect(next.groupLinks).toEqual(whole.groupLinks)
          expect(next.userLinks.filter((link) => !link.userDeleted && !next.userById.has(link.user))).toEqual([])
          expect(
            next.groupLinks.filter(({ ending, list }) => ending?.how === 'release' && next.listById.has(list)),
          ).toEqual([])
          expect(contentsOf(view)).toEqual(before) // whoever holds the older one goes on reading what was true then
          view = next
        }
      }),
      { numRuns: 100 },
    )
  })
  it('of a second organization shares what the first knows of the same records, and is right all the same', () => {
    fc.assert(
      fc.property(histories(), ([first, ...rest]) => {
        if (!first) return
        const asGlobex = (snapshot: typeof first.snapshot) => ({ ...snapshot, organization: GLOBEX, groupLinks: [] })
        let acme = createView(first.snapshot)
        let globex = createView(asGlobex(first.snapshot), acme)
        for (const { snapshot } of rest) {
          acme = deriveView(acme, snapshot)
          globex = deriveView(globex, asGlobex(snapshot), acme)
          expect(contentsOf(globex)).toEqual(contentsOf(createView(asGlobex(snapshot))))
          expect(globex.listById).toBe(acme.listById)
        }
      }),
      { numRuns: 50 },
    )
  })
})

describe('the desired state that is followed from change to change', () => {
  it('equals the one that is computed in full, after every step of a history', () => {
    fc.assert(
      fc.property(histories(), ([first, ...rest]) => {
        if (!first) return
        const tracker = createDesiredStateTracker()
        let view = createView(first.snapshot)
        tracker.advance(view, first.now)
        for (const { snapshot, now } of rest) {
          view = deriveView(view, snapshot)
          expect(tracker.advance(view, now).desired).toEqual(computeDesiredState(createView(snapshot), now))
        }
      }),
      { numRuns: 400 },
    )
  })

  it('computes only those again whom a change touches', () => {
    const [ana, bruno] = [aUser('ana'), aUser('bruno')]
    const team = aList('team', { members: ['ana', 'bruno'], grants: [on(ADMIN, PROD)] })
    const before = aView({ users: [ana, bruno], lists: [team] })
    const tracker = createDesiredStateTracker()
    tracker.advance(before, NOW)
    const after = deriveView(before, { ...before, lists: [{ ...team, members: team.members.slice(0, 1) }] })
    const { changes } = tracker.advance(after, NOW)
    expect([...(changes?.users.keys() ?? [])]).toEqual([bruno.id])
  })
})
