import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { run } from '../testing/programs.ts'
import { startTestSandbox } from '../testing/sandbox-clients.ts'

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))
const env = (...args: string[]) => run(process.execPath, [MAIN, 'env', ...args], process.env)

it('prints what points clients at a running sandbox, with the access key only when asked', async () => {
  await using world = await startTestSandbox({ seed: 'empty', region: 'eu-central-1' })
  const { controlUrl, endpointUrl, admin } = world.sandbox
  const plain = await env('--control-url', controlUrl)
  expect(plain).toMatchObject({ status: 0, stderr: '' })
  expect(plain.stdout).toBe(
    `export AWS_ENDPOINT_URL=${endpointUrl}\nexport AWS_REGION=eu-central-1\nexport AWS_DEFAULT_REGION=eu-central-1\n`,
  )
  const { stdout } = await env('--control-url', controlUrl, '--admin')
  expect(stdout).toContain(`export AWS_ACCESS_KEY_ID=${admin.accessKeyId}\n`)
  expect(stdout).toContain(`export AWS_SECRET_ACCESS_KEY=${admin.secretAccessKey}\n`)
})

it('writes endpoint rules with the Region in the path', async () => {
  await using world = await startTestSandbox({ seed: 'empty' })
  const { controlUrl, endpointUrl } = world.sandbox
  const folder = await mkdtemp(join(tmpdir(), 'aws-sandbox-models-'))
  try {
    const { stdout } = await env('--control-url', controlUrl, '--models', folder)
    expect(stdout).toContain(`export AWS_DATA_PATH=${folder}\n`)
    expect(stdout).not.toContain('AWS_ENDPOINT_URL')
    for (const service of ['sso-oidc', 'sso']) {
      const rules = await readFile(join(folder, service, '2019-06-10', 'endpoint-rule-set-1.json'), 'utf8')
      expect(JSON.parse(rules).rules[1].endpoint.url).toBe(`${endpointUrl}/{Region}`)
    }
  } finally {
    await rm(folder, { recursive: true })
  }
})

it('says so when no sandbox is there', async () => {
  const { status, stderr } = await env('--control-url', 'http://127.0.0.1:1')
  expect(status).toBe(1)
  expect(stderr).toContain('No sandbox answers at http://127.0.0.1:1')
})
