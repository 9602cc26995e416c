import { command, facts } from '@gatehouse/cli-kit'
import { describeSession } from './describe-session.ts'
import { findIdentityCenter } from './find-identity-center.ts'

export const statusCommand = command({
  name: 'status',
  summary: 'Who is signed in, with which roles, until when, and where to sign in to AWS.',
  async run({ client, serverUrl, sessions, signal }) {
    const url = serverUrl()
    const session = await client.getMe({}, signal)
    const identityCenter = await findIdentityCenter(client, signal)
    const others = sessions.all().filter((kept) => kept.url !== url)
    return {
      data: {
        active: { url, ...session, ...(identityCenter ? { identityCenter } : {}) },
        profiles: others.map(({ url: address, user, cluster, validUntil }) => ({
          url: address,
          user,
          cluster,
          validUntil,
        })),
      },
      text: [
        describeSession(url, session, identityCenter),
        ...others.map((kept) =>
          facts([
            ['Also at', kept.url],
            ['Logged in as', kept.user],
            ['Valid until', kept.validUntil],
          ]),
        ),
      ].join('\n\n'),
    }
  },
})
