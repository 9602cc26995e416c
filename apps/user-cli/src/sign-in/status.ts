import { command, facts } from '@gatehouse/cli-kit'
import { describeSession } from './describe-session.ts'

export const statusCommand = command({
  name: 'status',
  summary: 'Who is signed in, with which roles, and until when.',
  async run({ client, serverUrl, sessions, signal }) {
    const url = serverUrl()
    const session = await client.getMe({}, signal)
    const others = sessions.all().filter((kept) => kept.url !== url)
    return {
      data: {
        active: { url, ...session },
        profiles: others.map(({ url: address, user, cluster, validUntil }) => ({
          url: address,
          user,
          cluster,
          validUntil,
        })),
      },
      text: [
        describeSession(url, session),
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
