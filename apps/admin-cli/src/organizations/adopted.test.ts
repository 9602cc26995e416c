import type { AdoptedAssignmentView, GatehouseClient } from '@gatehouse/api'
import { describe, expect, it } from 'vitest'
import { adoptedCommands } from './adopted.ts'

const row = (user: string, accountName: string, account: string): AdoptedAssignmentView => ({
  key: `${user} ${accountName}`,
  user: `${user}@acme.example`,
  account,
  accountName,
  permissionSet: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1',
  permissionSetName: 'ReadOnly',
  since: '2027-03-01T09:00:00Z',
  aws: 'held',
  effect: 'goes',
  reasons: [],
  revision: 'as listed',
})
const ROWS = [
  row('ana', 'prod', '111111111111'),
  row('diana', 'prod', '111111111111'),
  row('ana', 'preprod', '222222222222'),
]

interface Sent {
  readonly assignments: readonly { readonly key: string; readonly revision?: string }[]
  readonly dryRun: boolean
}

/** Runs `tctl plugins adopted end` without a terminal; the dry run tells of other revisions than the table. */
async function end(keys: readonly string[], flags: Readonly<Record<string, string>>) {
  const sent: Sent[] = []
  const calls = {
    listAdoptedAssignments: () => Promise.resolve({ total: 3, found: 3, items: ROWS }),
    endAdoptedAssignments: ({ body }: { readonly body: Sent }) => {
      sent.push(body)
      const ended = body.assignments.map(({ key }) => ({
        ...ROWS.find((one) => one.key === key),
        revision: 'as shown',
      }))
      return Promise.resolve({ people: 1, assignments: ended.length, ended })
    },
  }
  const command = adoptedCommands.commands.find(({ name }) => name === 'end')
  if (!command || !('run' in command)) throw new Error('there is no such command')
  const context = {
    client: calls as unknown as GatehouseClient, // no other call is made
    serverUrl: () => '',
    signal: new AbortController().signal,
  } as unknown as Parameters<typeof command.run>[0] // nor anything else used
  const typed = (name: string): readonly string[] => {
    const given = { pluginName: 'acme', ...flags }[name]
    return given === undefined ? [] : [given]
  }
  const outcome = await command.run(context, [keys], typed).then(
    ({ text }) => ({ text }),
    (error: unknown) => ({ error: String(error) }),
  )
  return { ...outcome, sent }
}

describe('tctl plugins adopted end', () => {
  it('takes whole names, so that nobody whose name only holds the one that was typed is meant', async () => {
    const { sent } = await end([], { user: 'ANA@acme.example', account: 'prod', yes: '' })
    expect(sent.at(-1)?.assignments.map(({ key }) => key)).toEqual(['ana prod'])
    const byId = await end([], { account: '222222222222', permissionSet: 'readonly', yes: '' })
    expect(byId.sent.at(-1)?.assignments.map(({ key }) => key)).toEqual(['ana preprod'])
    const part = await end([], { user: 'ana', yes: '' })
    expect(part).toMatchObject({ sent: [], text: expect.stringContaining('whole names') as string })
  })
  it('ends nothing that nobody has agreed to, where nobody can be asked', async () => {
    const { sent, error } = (await end(['ana prod'], {})) as { sent: Sent[]; error?: string }
    expect(error).toContain('Are these to end?')
    expect(sent.filter(({ dryRun }) => !dryRun)).toEqual([])
  })
  it('sends the revisions that were shown, so that nothing ends with another effect', async () => {
    for (const chosen of [() => end(['ana prod'], { yes: '' }), () => end([], { all: '', yes: '' })]) {
      const last = (await chosen()).sent.at(-1)
      expect(last?.dryRun).toBe(false)
      expect(new Set(last?.assignments.map(({ revision }) => revision))).toEqual(new Set(['as shown']))
    }
  })
  it('only shows what would come of it in a dry run', async () => {
    const { text, sent } = (await end([], { all: '', dryRun: '' })) as { text?: string; sent: Sent[] }
    expect(sent.map(({ dryRun }) => dryRun)).toEqual([true])
    expect(text).toContain('would end')
  })
})
