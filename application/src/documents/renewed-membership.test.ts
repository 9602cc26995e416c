import { days, formatInstant, hours, minus, plus } from '@gatehouse/domain'
import { aList, aMember, aUser, NOW } from '@gatehouse/domain/testing'
import { describe, expect, it } from 'vitest'
import { startGovernance } from '../testing/index.ts'
import { applyDocuments } from './apply-documents.ts'

const LATER = formatInstant(plus(NOW, hours(5)))
const DOCUMENTS = {
  'a list with its members': `kind: access_list
version: v1
metadata: { name: security }
spec:
  title: security
  owners: [{ name: eva@acme.example }]
  members: [{ name: dora@acme.example, expires: "${LATER}" }]
`,
  'a member': `kind: access_list_member
version: v1
metadata: { name: dora@acme.example }
spec: { access_list: security, name: dora@acme.example, expires: "${LATER}" }
`,
}
const joined = minus(NOW, days(400))

describe('a membership that is given a new end by a document', () => {
  for (const [name, source] of Object.entries(DOCUMENTS))
    for (const [state, end, since] of [
      ['begins anew when it had ended', minus(NOW, days(30)), NOW],
      ['goes on when it had not', plus(NOW, hours(1)), joined],
    ] as const)
      it(`${state} (${name})`, async () => {
        const scene = await startGovernance({
          users: [aUser('dora'), aUser('eva', { roles: ['editor'] })],
          lists: [aList('security', { owners: ['eva'], members: [aMember('dora', { joined, expires: end })] })],
        })
        await applyDocuments(scene, { actor: scene.as('eva'), source, mode: 'replace' }, scene.signal)
        const { lists } = await scene.store.readRecords(scene.signal)
        expect(lists[0]?.members).toMatchObject([{ joined: since, expires: plus(NOW, hours(5)) }])
      })
})
