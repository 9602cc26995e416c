import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createClient } from '@gatehouse/api'
import { createControlClient } from '../harness/control-client.ts'
import { ORGANIZATION } from '../harness/enrol.ts'
import { freePortNear, quietPort } from '../harness/free-port.ts'
import { type Program, startProgram } from '../harness/program.ts'
import { waitFor } from '../harness/wait-for.ts'

const top = mkdtempSync(join(tmpdir(), 'gatehouse-demo-'))
const folder = join(top, 'data')
const running = new Set<Program>()
afterAll(async () => {
  await Promise.all([...running].map((program) => program.stop()))
  rmSync(top, { recursive: true, force: true })
})

const account = z.object({ user: z.string(), password: z.string().min(16) })
const readySchema = z.strictObject({
  url: z.string(),
  admin: account,
  users: z.array(account).min(3),
  aws: z.strictObject({
    endpointUrl: z.string(),
    controlUrl: z.string(),
    region: z.string(),
    instanceArn: z.string(),
    identityStoreId: z.string(),
    startUrl: z.string(),
    scimUrl: z.string(),
  }),
  dataDir: z.string(),
})

function startDemo(port: number, ...args: string[]): Program {
  const program = startProgram({
    name: 'The demo',
    program: 'e2e/src/demo/main.ts',
    args,
    environment: { PORT: String(port) },
  })
  running.add(program)
  return program
}

async function untilReady(program: Program): Promise<z.infer<typeof readySchema>> {
  const [line] = await program.says('stdout', /^\{.*\}$/m, 90_000)
  return readySchema.parse(JSON.parse(line))
}

async function signIn({ url, admin }: z.infer<typeof readySchema>) {
  const { token } = await createClient({ url }).signIn({ body: admin })
  return createClient({ url, token })
}

describe('the demo', () => {
  it(
    'enrols, adopts and writes, and continues with its data when it is started again',
    { timeout: 240_000 },
    async () => {
      const port = await quietPort()
      const first = startDemo(port, '--data-dir', folder, '--json')
      const ready = await untilReady(first)
      expect(ready).toMatchObject({ url: `http://localhost:${port}`, dataDir: folder })
      for (const file of ['passwords.json', 'gatehouse.key'])
        expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600)

      const control = createControlClient(ready.aws.controlUrl)
      const group = await waitFor(
        'the seeded list to be in AWS',
        async () => {
          const found = await control.group('sandbox-developers')
          return found.members.length === 2 && found.assignments.length === 3 ? found : undefined
        },
        { withinMs: 60_000 },
      )

      const again = startDemo(port + 1, '--data-dir', folder)
      expect(await again.ended).toBe(1)
      expect(again.said()).toContain('runs in')

      await first.stop()
      expect(await first.ended).toBe(0)

      const second = startDemo(port, '--data-dir', folder, '--json')
      const same = await untilReady(second)
      expect(same).toEqual(ready)
      const ana = await signIn(same)
      expect((await ana.getOrganization({ params: { name: ORGANIZATION } })).mode).toBe('active')
      expect(await createControlClient(same.aws.controlUrl).group('sandbox-developers')).toMatchObject({ id: group.id })
      // By an organizational unit and a tag, both read from AWS.
      const { items, bundle } = await ana.getBundle({ params: { name: 'web-on-call' }, query: {} })
      expect(items.map(({ accountName }) => accountName).toSorted()).toEqual(['Web Dev', 'Web Prod', 'Web Staging'])
      expect(bundle.problems).toEqual([])
      await second.stop()
    },
  )

  it('names the setting when the port is taken or no browser opens it, and leaves what is not its own alone', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const address = other.address()
    const taken = startDemo(typeof address === 'object' && address ? address.port : 0, '--data-dir', join(top, 'new'))
    expect(await taken.ended).toBe(1)
    expect(taken.said()).toContain('PORT=')
    await new Promise((resolve) => other.close(resolve))

    writeFileSync(join(top, 'precious'), '')
    const blocked = startDemo(4190, '--data-dir', join(top, 'new'))
    expect(await blocked.ended).toBe(1)
    expect(blocked.said()).toMatch(/browsers open nothing on port 4190.*PORT=3080 npm start/i)
    expect(existsSync(join(top, 'new'))).toBe(false)
    // Nor does its AWS come to be on such a port.
    expect(await freePortNear(4190)).not.toBe(4190)

    const foreign = startDemo(await quietPort(), '--data-dir', top, '--fresh')
    expect(await foreign.ended).toBe(1)
    expect(foreign.said()).toContain('holds something else')
    expect(statSync(join(top, 'precious')).isFile()).toBe(true)
  })
})
