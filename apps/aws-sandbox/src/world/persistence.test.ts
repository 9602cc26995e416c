import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { CreateGroupCommand, IdentitystoreClient } from '@aws-sdk/client-identitystore'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTestSandbox, until } from '../testing/sandbox-clients.ts'

let dataDir = ''
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'aws-sandbox-'))
})
afterEach(async () => {
  await rm(dataDir, { recursive: true })
})

const main = new URL('../main.ts', import.meta.url).pathname

async function startProcess(...args: readonly string[]) {
  const child: ChildProcessByStdio<null, Readable, null> = spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(createInterface(child.stdout), 'line')
  return { child, ready: JSON.parse(line) }
}

describe('a data folder', () => {
  it('loses nothing that was acknowledged when the process is killed', async () => {
    const { child, ready } = await startProcess(
      '--data-dir',
      dataDir,
      '--seed',
      'empty',
      '--identity-store-tps',
      '1000',
    )
    const { endpointUrl: endpoint, region, admin, identityStoreId: IdentityStoreId } = ready
    const client = new IdentitystoreClient({ endpoint, region, credentials: { ...admin }, maxAttempts: 1 })
    const acknowledged: string[] = []
    const writing = Array.from({ length: 8 }, async (_, writer) => {
      for (let index = 0; ; index += 1) {
        const DisplayName = `group-${writer}-${index}`
        const made = await client.send(new CreateGroupCommand({ IdentityStoreId, DisplayName })).catch(() => undefined)
        if (made === undefined) return
        acknowledged.push(DisplayName)
      }
    })
    await until(async () => acknowledged.length > 40)
    child.kill('SIGKILL')
    await Promise.all(writing)

    await using world = await startTestSandbox({ dataDir, seed: 'acme' })
    const { groups } = await world.control('GET', '/world')
    const names = new Set(groups.map(({ displayName }: { displayName: string }) => displayName))
    expect(acknowledged.filter((name) => !names.has(name))).toEqual([])
    expect(world.sandbox.admin).toEqual(admin)
  })

  it('goes on with what was in flight', async () => {
    const input = async (world: Awaited<ReturnType<typeof startTestSandbox>>) => {
      const { accounts, permissionSets, groups } = await world.control('GET', '/world')
      const target = {
        TargetId: accounts[1].id,
        TargetType: 'AWS_ACCOUNT' as const,
        PermissionSetArn: permissionSets[0].arn,
      }
      return {
        InstanceArn: world.sandbox.instanceArn,
        ...target,
        PrincipalType: 'GROUP',
        PrincipalId: groups[0].id,
      } as const
    }
    const seed = 'generated:3x2x4x2x0'
    const { CreateAccountAssignmentCommand } = await import('@aws-sdk/client-sso-admin')
    {
      await using world = await startTestSandbox({ dataDir, seed, pace: 60_000 })
      await world.sso.send(new CreateAccountAssignmentCommand(await input(world)))
    }
    await using again = await startTestSandbox({ dataDir, seed, pace: 60_000 })
    expect(await again.control('GET', '/in-flight')).toHaveLength(1)
    again.sandbox.setClockOffset(61_000)
    expect(await again.control('GET', '/assignments')).toHaveLength(1)
  })

  it('ignores a line that a crash cut off', async () => {
    {
      await using world = await startTestSandbox({ dataDir })
      const { rootId: ParentId } = world.sandbox
      const created = {
        service: 'organizations',
        operation: 'CreateOrganizationalUnit',
        input: { ParentId, Name: 'Kept' },
      }
      await world.control('POST', '/do', created)
    }
    const journal = (await readdir(dataDir)).find((name) => name.startsWith('journal-')) ?? ''
    await appendFile(join(dataDir, journal), '[["organizationalUnits","ou-x",{"id":"ou-x"')
    await using world = await startTestSandbox({ dataDir })
    const { organizationalUnits } = await world.control('GET', '/world')
    const names = organizationalUnits.map(({ name }: { name: string }) => name)
    expect(names).toContain('Kept')
    expect(organizationalUnits).toHaveLength(6)
  })
})

it('is not shared by two sandboxes', async () => {
  await using world = await startTestSandbox({ dataDir, seed: 'empty' })
  expect(world.sandbox.endpointUrl).toBeDefined()
  await expect(startTestSandbox({ dataDir, seed: 'empty' })).rejects.toThrow(`in use by process ${process.pid}`)
})

describe('the command', () => {
  it('prints one line of JSON when it is ready and stops cleanly on SIGTERM', async () => {
    const { child, ready } = await startProcess('--pace', 'demo', '--sso-lag', '0,0')
    const lines: string[] = []
    child.stdout.on('data', (chunk: Buffer) => lines.push(chunk.toString()))
    expect(Object.keys(ready)).toEqual(
      expect.arrayContaining([
        'endpointUrl',
        'controlUrl',
        'scimUrl',
        'region',
        'instanceArn',
        'identityStoreId',
        'admin',
      ]),
    )
    const knobs = await (await fetch(`${ready.controlUrl}/knobs`)).json()
    expect(knobs).toMatchObject({ durationAssign: [1_000, 3_000], tailProbability: 0, ssoTps: 20, ssoLag: [0, 0] })
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(lines).toEqual([])
  })
})
