import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hours, minutes } from '@gatehouse/domain'
import { describe, expect, it } from 'vitest'
import { ConfigError, loadConfig, type Sources } from './load-config.ts'
import { printConfig } from './print-config.ts'
import { settings } from './settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-config-'))
let files = 0
function aFile(text: string): string {
  const path = join(folder, `${++files}.yaml`)
  writeFileSync(path, text)
  return path
}

const HTTPS = { GATEHOUSE_PUBLIC_ADDRESS: 'https://gatehouse.example.com' }
const load = (sources: Partial<Sources> = {}) => loadConfig({ flags: {}, environment: HTTPS, ...sources })
function wrongsOf(sources: Partial<Sources>): readonly string[] {
  try {
    load(sources)
  } catch (error) {
    if (error instanceof ConfigError) return error.wrongs
    throw error
  }
  return []
}

describe('the configuration', () => {
  it('needs nothing but the public address', () => {
    expect(load()).toMatchObject({
      publicAddress: 'https://gatehouse.example.com',
      clusterName: 'gatehouse.example.com',
      listen: { host: '127.0.0.1', port: 3080 },
      sessions: { lifetime: hours(12), idleTimeout: hours(2) },
      development: false,
    })
  })
  it('needs not even that in development', () => {
    expect(load({ environment: { PORT: '4000' }, flags: { '--development': true } })).toMatchObject({
      publicAddress: 'http://localhost:4000',
    })
  })
  it('listens on any port where another stands in the public address, as behind a proxy', () => {
    expect(load({ environment: { ...HTTPS, PORT: '4190' } }).listen.port).toBe(4190)
    expect(wrongsOf({ environment: { PORT: '4190' } })).toEqual([expect.stringContaining('must be set')])
  })
  it('takes a flag before a variable, that before a standard one, and all before the file', () => {
    const configFile = aFile('listen: {port: 1}\nsessions: {lifetime: 90m}\ntrustedProxies: [10.0.0.1]')
    const standard = { ...HTTPS, PORT: '2' }
    const own = { ...standard, GATEHOUSE_LISTEN__PORT: '3' }
    expect(load({ configFile }).listen.port).toBe(1)
    expect(load({ configFile, environment: standard }).listen.port).toBe(2)
    expect(load({ configFile, environment: own }).listen.port).toBe(3)
    expect(load({ configFile, environment: own, flags: { '--listen-port': '4' } }).listen.port).toBe(4)
    expect(load({ configFile })).toMatchObject({ sessions: { lifetime: minutes(90) }, trustedProxies: ['10.0.0.1'] })
  })
  it('reads secrets from a file and never shows them', () => {
    const environment = { ...HTTPS, GATEHOUSE_DATABASE_URL_FILE: aFile('postgres://u:hunter2@db/g\n') }
    const config = load({ environment })
    expect(config.databaseUrl?.reveal()).toBe('postgres://u:hunter2@db/g')
    expect(`${JSON.stringify(config)}${printConfig(config)}${String(config.databaseUrl)}`).not.toContain('hunter2')
  })
  it('has no flag for a secret, because everybody sees the flags of a process', () => {
    expect(settings.filter(({ isSecret }) => isSecret).map(({ flag }) => flag)).toEqual([undefined])
  })
  it('prints what can be read back', () => {
    const configFile = aFile(printConfig(load()))
    expect(load({ configFile, environment: {} })).toEqual(load())
  })
})

describe('what is wrong', () => {
  it('is named as the operator called it, all of it at once', () => {
    const configFile = aFile('lisen: {port: 1}\nlog: {level: loud}\nsessions: {lifetim: 1h}')
    const environment = {
      GATEHOUSE_LISTEN__PORT: 'x',
      GATEHOUSE_LISTEN__PROT: '1',
      GATEHOUSE_SESSIONS__LIFETIME: 'soon',
    }
    const wrongs = wrongsOf({ configFile, environment, flags: { '--public-address': 'http://gatehouse.example.com' } })
    expect(wrongs).toEqual([
      'GATEHOUSE_LISTEN__PROT is not a known variable (did you mean GATEHOUSE_LISTEN__PORT?).',
      'GATEHOUSE_LISTEN__PORT must be a whole number.',
      `${configFile}: log.level must be one of debug, info, warn, error.`,
      'GATEHOUSE_SESSIONS__LIFETIME must be a duration such as 90m, 8h or 4d.',
      `${configFile}: sessions.lifetim is not a known setting (did you mean sessions.lifetime?).`,
      `${configFile}: lisen is not a known setting (did you mean listen?).`,
      '--public-address must be https; http is for loopback in development only, because passwords and tokens pass.',
    ])
  })
  it.each([
    [
      { environment: {} },
      '--public-address or GATEHOUSE_PUBLIC_ADDRESS must be set: the https address people and AWS use.',
    ],
    [{ environment: { ...HTTPS, GATEHOUSE_PUBLIC_ADDRESS: 'https://a.example/path' } }, /without a path/],
    [{ environment: { ...HTTPS, GATEHOUSE_PUBLIC_ADDRESS: 'gatehouse' } }, /without a path/],
    [{ flags: { '--public-address': 'http://192.0.2.1', '--development': true } }, /must be https/],
    [{ flags: { '--public-address': 'http://localhost' } }, /must be https/],
    [{ flags: { '--clock-offset-file': '/tmp/x' } }, /a moved clock is for loopback in development only/],
    [{ flags: { '--clock-offset-file': '/tmp/x', '--development': true } }, /a moved clock/],
    [{ flags: { '--trusted-proxies': '10.0.0.0/8,proxy' } }, /address or network/],
    [{ flags: { '--trusted-proxies': '10.0.0.0/33' } }, /address or network/],
    [{ flags: { '--trusted-proxies': '::1/129' } }, /address or network/],
    [{ flags: { '--trusted-proxies': '10.0.0.0/8/8' } }, /address or network/],
    [{ flags: { '--cluster-name': 'acme)\n[default]' } }, /one line without a slash/],
    [{ flags: { '--cluster-name': 'acme/prod' } }, /one line without a slash/],
    [{ flags: { '--security-contact': 'mailto:a@b\nContact: x' } }, /one line/],
    [
      { flags: { '--public-address': 'https://gatehouse.example.com:6000' } },
      '--public-address must be on a port that browsers open, such as 443; they refuse 6000 (Fetch Standard, "Port blocking").',
    ],
    [
      { environment: { PORT: '4190' }, flags: { '--development': true } },
      'PORT must be a port that browsers open, such as 3080; they refuse 4190 (Fetch Standard, "Port blocking").',
    ],
    [
      { environment: { PORT: '4190' }, flags: { '--development': true, '--cluster-name': 'a/b' } },
      /one line without a slash[^]*refuse 4190/,
    ],
    [{ configFile: '/nowhere.yaml' }, /can't be read/],
    [
      { environment: { ...HTTPS, GATEHOUSE_DATABASE_URL: 'postgres://u:hunter2@db:99999/g' } },
      /an address such as postgres:/,
    ],
    [{ environment: { ...HTTPS, GATEHOUSE_DATABASE_URL: 'mysql://u@db/g' } }, /an address such as postgres:/],
    [{ environment: { ...HTTPS, GATEHOUSE_DATABASE_URL_FILE: '/nowhere' } }, /can't be read \(ENOENT\)/],
    [{ environment: { ...HTTPS, GATEHOUSE_DATABASE_URL: 'a', GATEHOUSE_DATABASE_URL_FILE: 'b' } }, /not both/],
  ] as const)('%o is refused', (sources, message) => {
    expect(wrongsOf(sources).join('\n')).toMatch(message)
    expect(wrongsOf(sources).join('\n')).not.toContain('hunter2')
  })
})
