import { ApiProblem } from '@gatehouse/api'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDraftStorage } from './draft-storage.ts'
import { createDraftKeeper, type DraftKeeper, type DraftServer, type SavedDraft } from './keep-draft.ts'
import { applyChanges, type DraftChanges, EMPTY_DRAFT, type ReviewDraft, type Verdict } from './review-draft.ts'

const AT_ONCE = { saveAfterMs: 0, tryAgainMs: 0 }
const keep = (...names: readonly string[]) => decide('keep', names)
const remove = (...names: readonly string[]) => decide('remove', names)
const decide = (verdict: Verdict, names: readonly string[]): DraftChanges => ({
  verdicts: new Map(names.map((name) => [`user/${name}`, verdict])),
})
const plain = ({ verdicts, ...rest }: ReviewDraft) => ({ ...rest, verdicts: Object.fromEntries(verdicts) })

/** One draft, as the server keeps it: a change is made on the latest version, or refused. */
function aServer() {
  let number = 0
  let held: SavedDraft = { version: undefined, draft: EMPTY_DRAFT }
  const state = {
    trouble: undefined as Error | undefined,
    /** The change is made, and its answer does not arrive. */
    losesAnswers: false,
    calls: 0,
    /** How many verdicts each save was of. */
    saves: [] as number[],
    underWay: 0,
    gone: [] as readonly string[],
    get draft() {
      return plain(held.draft)
    },
    end() {
      held = { version: undefined, draft: EMPTY_DRAFT }
    },
  }
  const call = async <T>(work: () => T): Promise<T> => {
    state.calls++
    expect(++state.underWay, 'calls at once of one window').toBe(1)
    await new Promise((resolve) => setTimeout(resolve, 0))
    state.underWay--
    if (state.trouble) throw state.trouble
    const answer = work()
    if (state.losesAnswers) throw new Error('the line broke')
    return answer
  }
  const check = (version: string | undefined): void => {
    if (version !== held.version) throw problem(409)
  }
  const server: DraftServer = {
    mostVerdicts: 2,
    read: () => call(() => held),
    save: (changes, version) =>
      call(() => {
        check(version)
        state.saves.push(changes.verdicts.size)
        const { verdicts, ...rest } = applyChanges(held.draft, changes)
        const left = new Map([...verdicts].filter(([key]) => !state.gone.includes(key)))
        held = { version: String(++number), draft: { ...rest, verdicts: left } }
        return { version: String(number), leftOut: state.gone.filter((key) => changes.verdicts.has(key)) }
      }),
    remove: (version) =>
      call(() => {
        check(version)
        state.end()
      }),
  }
  return Object.assign(state, { server })
}

const problem = (status: number): ApiProblem =>
  new ApiProblem({ type: 'about:blank', title: '', status, code: 'conflict', remedy: '', requestId: '' })

function aBrowser() {
  const kept = new Map<string, string>()
  const storage = createDraftStorage({ user: 'u', list: 'l', dueAt: undefined, revision: 1 }, () => ({
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, text) => void kept.set(key, text),
    removeItem: (key) => void kept.delete(key),
  }))
  return Object.assign(storage, { kept })
}

async function untilSaved(...keepers: readonly DraftKeeper[]): Promise<void> {
  await expect
    .poll(() => keepers.map(({ get }) => get().keeping.where), { interval: 1 })
    .toEqual(keepers.map(() => expect.stringMatching(/server|nowhere/) as string))
  for (const keeper of keepers) await keeper.settle()
}

describe('the keeper of a review', () => {
  it('saves what is decided, a few at a time, and leaves nothing in the browser', async () => {
    const [world, browser] = [aServer(), aBrowser()]
    const keeper = createDraftKeeper(world.server, browser, AT_ONCE)
    const close = keeper.open()
    keeper.change(keep('a', 'b', 'c', 'd', 'e'))
    keeper.change({ ...remove('a'), notes: 'left', keepsRest: true })
    expect(keeper.get().keeping).toEqual({ where: 'on-its-way' })
    await untilSaved(keeper)
    expect(world.draft).toEqual(plain(keeper.get().draft))
    expect(world.draft).toMatchObject({ verdicts: { 'user/a': 'remove', 'user/e': 'keep' }, notes: 'left' })
    expect(browser.kept.size).toBe(0)
    close()
  })

  it('sends what is pressed in one go by one call, and only what has changed', async () => {
    const world = aServer()
    const keeper = createDraftKeeper({ ...world.server, mostVerdicts: 5_000 }, aBrowser(), AT_ONCE)
    const close = keeper.open()
    await untilSaved(keeper)
    for (let index = 0; index < 1_000; index++) keeper.change(keep(`member-${index}`))
    await untilSaved(keeper)
    keeper.change(remove('member-7'))
    await untilSaved(keeper)
    expect(world.saves).toEqual([1_000, 1])
    close()
  })

  it('is the same in two windows in the end, whatever is decided in either and whenever', async () => {
    const step = fc.record({
      window: fc.constantFrom(0, 1),
      name: fc.constantFrom('a', 'b', 'c'),
      verdict: fc.constantFrom<Verdict>('keep', 'remove'),
      waits: fc.boolean(),
      looks: fc.boolean(),
      losesAnswers: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        const world = aServer()
        // Each window has one call at a time; the two have two.
        const open = () => createDraftKeeper(ownLine(world), aBrowser(), AT_ONCE)
        const windows = [open(), open()]
        const closes = windows.map((window) => window.open())
        for (const { window, name, verdict, waits, looks, losesAnswers } of steps) {
          world.losesAnswers = losesAnswers
          windows[window]?.change(decide(verdict, [name]))
          if (looks) windows[1 - window]?.look()
          if (waits) await new Promise((resolve) => setTimeout(resolve, 2))
        }
        world.losesAnswers = false
        await untilSaved(...windows)
        for (const window of windows) window.look()
        await untilSaved(...windows)
        for (const window of windows) expect(plain(window.get().draft)).toEqual(world.draft)
        const decided = [...new Set(steps.map(({ name }) => `user/${name}`))].toSorted()
        expect(Object.keys(world.draft.verdicts).toSorted()).toEqual(decided)
        // What one window alone has decided is as it was decided last.
        for (const { name } of steps) {
          const of = steps.filter((one) => one.name === name)
          if (of.every(({ window }) => window === of[0]?.window))
            expect(world.draft.verdicts[`user/${name}`]).toBe(of.at(-1)?.verdict)
        }
        for (const close of closes) close()
      }),
      { numRuns: 60 },
    )
  })

  it('says what was done elsewhere, and lets what was decided here count', async () => {
    const world = aServer()
    const [here, there] = [0, 1].map(() => createDraftKeeper(ownLine(world), aBrowser(), AT_ONCE))
    if (!here || !there) throw new Error('two windows')
    const closes = [here.open(), there.open()]
    await untilSaved(here, there)
    there.change({ ...remove('a', 'b'), notes: 'there' })
    await untilSaved(there)
    here.change({ ...keep('a'), notes: 'here' })
    await untilSaved(here)
    expect(here.get()).toMatchObject({ news: { taken: 1, overruled: 1, notes: 'there' }, draft: { notes: 'here' } })
    expect(world.draft).toEqual({ verdicts: { 'user/a': 'keep', 'user/b': 'remove' }, keepsRest: false, notes: 'here' })
    for (const close of closes) close()
  })

  it('keeps in the browser what the server does not take, says why, and puts both together later', async () => {
    const [world, browser] = [aServer(), aBrowser()]
    world.trouble = new Error('no server')
    const first = createDraftKeeper(ownLine(world), browser, { ...AT_ONCE, tryAgainMs: 60_000 })
    const closeFirst = first.open()
    await first.settle()
    expect(first.get()).toMatchObject({ isRead: false, keeping: { where: 'unknown', error: world.trouble } })
    first.change(keep('a'))
    await first.settle()
    expect(first.get().keeping).toEqual({ where: 'browser', error: world.trouble })
    closeFirst()
    await first.settle()
    world.trouble = undefined
    const elsewhere = createDraftKeeper(ownLine(world), aBrowser(), AT_ONCE)
    const closeElsewhere = elsewhere.open()
    elsewhere.change(remove('b'))
    await untilSaved(elsewhere)
    // The page is opened anew.
    const second = createDraftKeeper(ownLine(world), browser, AT_ONCE)
    const closeSecond = second.open()
    expect(plain(second.get().draft).verdicts).toEqual({ 'user/a': 'keep' })
    await untilSaved(second)
    expect(world.draft.verdicts).toEqual({ 'user/a': 'keep', 'user/b': 'remove' })
    expect(browser.kept.size).toBe(0)
    closeElsewhere()
    closeSecond()
  })

  it('says so when not even the browser keeps it', async () => {
    const world = aServer()
    world.trouble = new Error('no server')
    const keeper = createDraftKeeper(world.server, { ...aBrowser(), add: () => false }, AT_ONCE)
    keeper.change(keep('a'))
    await keeper.settle()
    expect(keeper.get().keeping).toMatchObject({ where: 'page' })
  })

  it('begins anew everywhere, unless something was decided elsewhere meanwhile', async () => {
    const [world, browser] = [aServer(), aBrowser()]
    const here = createDraftKeeper(ownLine(world), browser, AT_ONCE)
    const there = createDraftKeeper(ownLine(world), aBrowser(), AT_ONCE)
    const closes = [here.open(), there.open()]
    here.change(keep('a'))
    await untilSaved(here)
    there.look()
    there.change(keep('b'))
    await untilSaved(there)
    here.clear()
    await here.settle()
    expect(here.get().news).toBe('not-begun-anew')
    expect(plain(here.get().draft).verdicts).toEqual({ 'user/a': 'keep', 'user/b': 'keep' })
    here.clear()
    await here.settle()
    expect(plain(here.get().draft)).toEqual(plain(EMPTY_DRAFT))
    expect(world.draft).toEqual(plain(EMPTY_DRAFT))
    there.look()
    await there.settle()
    expect(there.get()).toMatchObject({ news: 'begun-anew', keeping: { where: 'nowhere' } })
    for (const close of closes) close()
  })

  it('does not show who is not in the list any more', async () => {
    const world = aServer()
    world.gone = ['user/b']
    const keeper = createDraftKeeper(world.server, aBrowser(), AT_ONCE)
    const close = keeper.open()
    keeper.change(keep('a', 'b'))
    await untilSaved(keeper)
    expect(plain(keeper.get().draft).verdicts).toEqual({ 'user/a': 'keep' })
    close()
  })

  it('keeps nothing once the review is submitted, and saves no more', async () => {
    const [world, browser] = [aServer(), aBrowser()]
    const keeper = createDraftKeeper(world.server, browser, AT_ONCE)
    const close = keeper.open()
    keeper.change(keep('a'))
    await untilSaved(keeper)
    world.end()
    keeper.end()
    const { calls } = world
    keeper.change(keep('b'))
    keeper.look()
    close()
    await keeper.settle()
    expect([world.calls, browser.kept.size]).toEqual([calls, 0])
  })
})

/** Two windows call at once, and each by itself one call after the other. */
function ownLine(world: ReturnType<typeof aServer>): DraftServer {
  let underWay = 0
  const inLine = async <T>(work: () => Promise<T>): Promise<T> => {
    expect(++underWay, 'calls at once of one window').toBe(1)
    world.underWay = 0
    return work().finally(() => {
      underWay--
    })
  }
  const { server } = world
  return {
    ...server,
    read: () => inLine(() => server.read()),
    save: (changes, version) => inLine(() => server.save(changes, version)),
    remove: (version) => inLine(() => server.remove(version)),
  }
}
