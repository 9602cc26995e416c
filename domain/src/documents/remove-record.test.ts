import { expect, it } from 'vitest'
import { hours, plus } from '../kernel/instant.ts'
import { aGroupLink, aList, aMemberList, anAwsOnlyMember, awsUserId, aView, NOW } from '../testing/index.ts'
import { removeList } from './remove-record.ts'

it('takes everybody with an end out of a group that stays, also whom only AWS knows and a list inside names', () => {
  const soon = { expires: plus(NOW, hours(1)) }
  const inner = aList('inner', { members: [anAwsOnlyMember('zed', soon), anAwsOnlyMember('vera')] })
  const brief = aList('brief', { members: [anAwsOnlyMember('yuri')] })
  const outer = aList('outer', {
    members: [aMemberList('inner'), aMemberList('brief', soon), anAwsOnlyMember('xi', soon)],
  })
  const groupLinks = [aGroupLink(outer, 'members', { origin: 'adopted' })]
  const view = aView({ lists: [outer, inner, brief], groupLinks })
  const { changes } = removeList(outer, { withGroup: false }, view, NOW, 'ana')
  const [removing] = changes.flatMap((change) =>
    'put' in change && change.put === 'group-link' && change.link.ending?.how === 'release'
      ? [change.link.ending.removing]
      : [],
  )
  expect(removing?.toSorted()).toEqual(['xi', 'yuri', 'zed'].map(awsUserId))
})
