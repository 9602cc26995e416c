import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Account } from '../identity-center/account.ts'
import { matches, parsePattern } from '../kernel/pattern.ts'
import { anAccount } from '../testing/index.ts'
import { demandReadable, judgeAccount } from './account-filter.ts'
import type { AccountFilterPart } from './organization.ts'

const ROOT = { id: 'r-ab12', name: 'Root' }
const WORK = { id: 'ou-ab12-11111111', name: 'Work' }
const PROD = { id: 'ou-ab12-22222222', name: 'Prod' }
const OTHER = { id: 'ou-ab12-33333333', name: 'Other' }
const PLACES = [[ROOT], [WORK, ROOT], [PROD, WORK, ROOT], [OTHER, ROOT]] as const
const TEXTS = ['prod', 'dev', 'prod-eu', ''] as const
const PATTERNS = ['*', 'prod', 'prod-*', '^(dev|prod)$', 'nothing'].map(parsePattern)
const UNITS = [ROOT.id, WORK.id, PROD.id, 'Root', 'Root/Work', 'Root/Work/Prod', 'Root/Wor', 'Work']

/** What AWS has, whether or not it may be read. */
interface Truth {
  readonly name: string
  readonly place: (typeof PLACES)[number]
  readonly tags: Readonly<Record<string, string>>
}
const truths: fc.Arbitrary<Truth> = fc.record({
  name: fc.constantFrom(...TEXTS),
  place: fc.constantFrom(...PLACES),
  tags: fc.dictionary(fc.constantFrom('env', 'team'), fc.constantFrom(...TEXTS)),
})
const predicates = fc.oneof(
  fc.record({ field: fc.constant('name' as const), pattern: fc.constantFrom(...PATTERNS) }),
  fc.record({ field: fc.constant('ou' as const), unit: fc.constantFrom(...UNITS) }),
  fc.record({
    field: fc.constant('tag' as const),
    key: fc.constantFrom('env', 'team'),
    pattern: fc.constantFrom(...PATTERNS),
  }),
)
const parts: fc.Arbitrary<AccountFilterPart> = fc
  .tuple(fc.boolean(), predicates)
  .map(([isExclusion, { field, ...rest }]) => ({ [isExclusion ? 'exclude' : 'include']: field, ...rest }) as never) // a field and what belongs to it
const filters = fc.array(parts, { maxLength: 5 })

const known = ({ name, place, tags }: Truth): Account => anAccount(name, '111111111111', { tags, parents: place })
/** The same account as far as it may be read. */
const masks = fc.record({ tags: fc.boolean(), names: fc.boolean(), units: fc.constantFrom('all', 'parent', 'none') })
type Mask = typeof masks extends fc.Arbitrary<infer T> ? T : never
function seen(truth: Truth, { tags, names, units }: Mask): Account {
  const { tags: allTags, parents: _, ...account } = known(truth)
  const shown = truth.place.map((unit) => (names ? unit : { id: unit.id }))
  return {
    ...account,
    ...(tags && allTags ? { tags: allTags } : {}),
    ...(units === 'all' ? { parents: shown } : {}),
    ...(units === 'parent' ? { parent: truth.place[0].id } : {}),
  }
}

/** The rule in its plainest form, where everything is known. */
function isInside(filter: readonly AccountFilterPart[], { name, place, tags }: Truth): boolean {
  const path = place
    .toReversed()
    .map((unit) => unit.name)
    .join('/')
  const hits = (part: AccountFilterPart): boolean => {
    if ('unit' in part)
      return place.some(({ id }) => id === part.unit) || path === part.unit || path.startsWith(`${part.unit}/`)
    if ('key' in part) return part.key in tags && matches(part.pattern, tags[part.key] ?? '')
    return matches(part.pattern, name)
  }
  const inclusions = filter.filter((part) => 'include' in part)
  return !filter.some((part) => 'exclude' in part && hits(part)) && (inclusions.length === 0 || inclusions.some(hits))
}

describe('the filter of accounts', () => {
  it('is as its parts say where everything is known: an exclusion decides, without inclusions all are in', () => {
    fc.assert(
      fc.property(filters, truths, (filter, truth) => {
        expect(judgeAccount(filter, known(truth)).answer).toBe(isInside(filter, truth) ? 'yes' : 'no')
      }),
    )
  })
  it('never says yes or no of what is not known and might make it otherwise', () => {
    fc.assert(
      fc.property(filters, truths, masks, (filter, truth, mask) => {
        const { answer, reason } = judgeAccount(filter, seen(truth, mask))
        if (answer !== 'unknown') expect(answer).toBe(isInside(filter, truth) ? 'yes' : 'no')
        expect(reason === '').toBe(answer === 'yes')
      }),
      { numRuns: 1000 },
    )
  })
  it('says the same in whatever order its parts stand', () => {
    fc.assert(
      fc.property(filters, truths, masks, (filter, truth, mask) => {
        const account = seen(truth, mask)
        expect(judgeAccount(filter.toReversed(), account).answer).toBe(judgeAccount(filter, account).answer)
      }),
    )
  })
  it('lets nothing in by one more exclusion, and nothing out by one more inclusion beside others', () => {
    const RANK = { no: 0, unknown: 1, yes: 2 }
    fc.assert(
      fc.property(filters, parts, truths, masks, (filter, part, truth, mask) => {
        const account = seen(truth, mask)
        const [before, after] = [filter, [...filter, part]].map((one) => RANK[judgeAccount(one, account).answer])
        if ('exclude' in part) expect(after).toBeLessThanOrEqual(before ?? 0)
        else if (filter.some((one) => 'include' in one)) expect(after).toBeGreaterThanOrEqual(before ?? 0)
      }),
    )
  })
  it('says why an account is outside, or why nobody knows', () => {
    const account = known({ name: 'prod-eu', place: PLACES[2], tags: { env: 'prod' } })
    const { tags: _, ...untagged } = account
    const pattern = parsePattern('prod')
    expect(judgeAccount([{ exclude: 'tag', key: 'env', pattern }], account).reason).toBe('left out by tag env=prod')
    expect(judgeAccount([{ exclude: 'ou', unit: 'Root/Work' }], account).reason).toBe(
      'left out by organizational unit Root/Work',
    )
    expect(judgeAccount([{ include: 'name', pattern }], account).reason).toBe('no part lets it in')
    expect(judgeAccount([{ include: 'tag', key: 'env', pattern }], untagged)).toEqual({
      answer: 'unknown',
      reason: 'its tags are not known',
    })
  })
})

describe('parts that nobody can judge by', () => {
  const pattern = parsePattern('prod')
  const tag: AccountFilterPart = { include: 'tag', key: 'env', pattern }
  const path: AccountFilterPart = { exclude: 'ou', unit: 'Root/Work' }
  it('are refused with the permission that is missing', () => {
    const nothing = { tags: false, unitNames: false }
    expect(() => demandReadable([tag], nothing)).toThrow(/organizations:ListTagsForResource/)
    expect(() => demandReadable([path], nothing)).toThrow(/organizations:ListRoots/)
    expect(() => demandReadable([{ include: 'ou', unit: WORK.id }], nothing)).not.toThrow()
    expect(() => demandReadable([tag, path], { tags: true, unitNames: true })).not.toThrow()
  })
  it('stay where they stood before the permission went', () => {
    expect(() => demandReadable([tag], { tags: false, unitNames: false }, [tag])).not.toThrow()
  })
})
