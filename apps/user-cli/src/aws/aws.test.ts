import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHome, type Home } from '@gatehouse/cli-kit/testing'
import { beforeEach, describe, expect, it } from 'vitest'

const MARKER = '; Do not edit. Section managed by Gatehouse (cluster acme.example).'
const SESSION = `${MARKER}
[sso-session teleport-d-1]
sso_start_url = https://d-1.awsapps.com/start
sso_region = us-east-1
`
const profile = (name: string) => `${MARKER}\n[profile ${name}]\nsso_session = teleport-d-1\n`
/** Stands in for the AWS CLI: says what it is asked and under which profile, and ends as it is told. */
const FAKE_AWS = `#!/bin/sh
[ "$1" = --version ] && echo "aws-cli/\${FAKE_VERSION:-2.36.7} Python/3.11" && exit
echo "$* as $AWS_PROFILE key \${AWS_ACCESS_KEY_ID:-none}" >> "$HOME/calls"
[ "$1 $2" = 'sso login' ] && echo 'open this page' && exit \${FAKE_LOGIN:-0}
echo data
exit \${FAKE_EXIT:-0}
`
const hours = (count: number): string => new Date(Date.now() + count * 3_600_000).toISOString()

let home: Home
const calls = () => (existsSync(join(home.folder, 'calls')) ? readFileSync(join(home.folder, 'calls'), 'utf8') : '')
const write = (path: string, text: string, mode = 0o600): void => {
  const file = join(home.folder, path)
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, text)
  chmodSync(file, mode)
}
const keepToken = (token: object): void => {
  const name = createHash('sha1').update('teleport-d-1').digest('hex')
  const startUrl = 'https://d-1.awsapps.com/start'
  write(`.aws/sso/cache/${name}.json`, JSON.stringify({ startUrl, accessToken: 'x', ...token }))
}

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-aws-'))
  const path = `${join(folder, 'bin')}:${process.env['PATH']}`
  home = createHome(folder, 'https://gatehouse.acme.example', { PATH: path, AWS_ACCESS_KEY_ID: 'AKIA' })
  write('bin/aws', FAKE_AWS, 0o755)
  write('.aws/config', `${SESSION}\n${profile('dev')}`)
  return () => rmSync(folder, { recursive: true, force: true })
})

describe('tsh aws', () => {
  it('signs in when there is no token, then runs the command with the only profile and no other credentials', async () => {
    expect(await home.tsh('aws', 's3', 'ls', '--recursive', '-o', 'x')).toEqual({
      code: 0,
      out: 'data\n',
      err: 'open this page\n',
    })
    expect(calls()).toBe(
      'sso login --sso-session teleport-d-1 as dev key none\ns3 ls --recursive -o x as dev key none\n',
    )
  })
  it.each([
    ['a token that is valid', { expiresAt: hours(1) }, true],
    ['one that the AWS CLI renews', { expiresAt: hours(-1), refreshToken: 'r', registrationExpiresAt: hours(9) }, true],
    ['one that is over', { expiresAt: hours(-1) }, false],
    [
      'one whose client is over, too',
      { expiresAt: hours(-1), refreshToken: 'r', registrationExpiresAt: hours(-1) },
      false,
    ],
    ['one of another start URL', { expiresAt: hours(1), startUrl: 'https://d-2.awsapps.com/start' }, false],
    ['what is no token', { expiresAt: 7 }, false],
  ])('with %s signs in only if needed', async (_, token, isSignedIn) => {
    keepToken(token)
    await home.tsh('aws', 's3', 'ls')
    expect(calls().startsWith('s3 ls')).toBe(isSignedIn)
  })
  it('ends as the command ends, and runs nothing when the sign-in failed', async () => {
    expect((await home.with({ FAKE_EXIT: '254' }).tsh('aws', 's3', 'ls')).code).toBe(254)
    rmSync(join(home.folder, 'calls'))
    expect((await home.with({ FAKE_LOGIN: '255' }).tsh('aws', 's3', 'ls')).code).toBe(255)
    expect(calls()).not.toContain('s3')
  })
  it('runs another program, named after its flags, and says when it is not there', async () => {
    keepToken({ expiresAt: hours(1) })
    const args = ['-c', 'echo $AWS_PROFILE']
    expect((await home.tsh('aws', '--profile', 'dev', '--exec', 'sh', ...args)).out).toBe('dev\n')
    expect(await home.tsh('aws', '--exec', 'no-such-program')).toMatchObject({
      code: 5,
      err: expect.stringContaining('no-such-program') as string,
    })
  })
  it('takes the profile of the environment, asks which of several, and knows what there is not', async () => {
    keepToken({ expiresAt: hours(1) })
    write('.aws/config', `${SESSION}\n${profile('dev')}\n${profile('prod')}`)
    await home.with({ AWS_PROFILE: 'prod' }).tsh('aws', 's3', 'ls')
    expect(calls()).toContain('as prod')
    expect(await home.tsh('aws', 's3', 'ls')).toMatchObject({
      code: 2,
      err: expect.stringContaining('dev, prod') as string,
    })
    expect((await home.tsh('aws', '--profile', 'nobody', 's3', 'ls')).code).toBe(5)
  })
  it('leaves a profile alone that signs in by other means', async () => {
    write('.aws/config', '[default]\nregion = x\n')
    expect((await home.tsh('aws', '--profile', 'default', 's3', 'ls')).code).toBe(0)
    expect(calls()).toBe('s3 ls as default key none\n')
  })
  it('says that version 1 of the AWS CLI cannot sign in', async () => {
    const { code, err } = await home.with({ FAKE_VERSION: '1.45.11' }).tsh('aws', 's3', 'ls')
    expect([code, err]).toEqual([3, expect.stringContaining('version 2')])
    expect(calls()).toBe('')
  })
})
