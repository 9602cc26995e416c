import { command, facts } from '@gatehouse/cli-kit'
import { describeSession } from './describe-session.ts'
import { findIdentityCenters } from './find-identity-center.ts'

export const statusCommand = command({
  name: 'status',
  summary: 'Who is signed in, with which roles, until when, and where to sign in to AWS.',
  async run({ client, serverUrl, sessions, signal }) {
    const url = serverUrl()
    const session = await client.getMe({}, signal)
    const identityCenters = await findIdentityCenters(client, signal)
    const [identityCenter] = identityCenters
    const others = sessions.all().filter((kept) => kept.url !== url)
    return {
      data: {
        // One of several stands for itself, as it did when there was just one.
        active: { url, ...session, ...(identityCenter ? { identityCenter, identityCenters } : {}) },
        profiles: others.map(({ url: address, user, cluster, validUntil }) => ({
          url: address,
          user,
          cluster,
          validUntil,
        })),
      },
      text: [
        describeSession(url, session, identityCenters),
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
