import { describe, expect, it } from 'vitest'
import { DEFAULT_TEMPLATE, parseNameTemplate, sessionNameOf, startUrlOf } from './names.ts'

const profile = (accountName: string, role: string, template = DEFAULT_TEMPLATE) =>
  parseNameTemplate(template)({
    accountName,
    accountId: '012345678901',
    role,
    organization: 'aws-identity-center',
    cluster: 'acme.example',
    region: 'eu-west-1',
    labels: { team: 'Pay ments' },
  })

describe('names in the AWS config file', () => {
  it.each([
    ['https://d-1.awsapps.com/start/#/console?x=1', 'https://d-1.awsapps.com/start'],
    ['https://d-1.awsapps.com/start#/', 'https://d-1.awsapps.com/start'],
    ['https://d-1.awsapps.com/start/console', 'https://d-1.awsapps.com/start'],
    ['https://d-1.awsapps.com/start', 'https://d-1.awsapps.com/start'],
    [
      'https://start.us-gov-home.awsapps.com/directory/d-2#/console?account_id=9',
      'https://start.us-gov-home.awsapps.com/directory/d-2',
    ],
  ])('reduce the address %s to what AWS wants', (address, startUrl) => {
    expect(startUrlOf(address)).toBe(startUrl)
  })
  it.each([
    ['https://d-1.awsapps.com/start', 'teleport-d-1'],
    ['https://awsapps.com/start', 'teleport-awsapps'],
    ['https://unknown-format', 'teleport-95924c5'],
  ])('call the session of %s %s', (startUrl, name) => {
    expect(sessionNameOf(startUrl)).toBe(name)
  })
  it.each([
    ['https://start.us-gov-home.awsapps.com/directory/d-2#/', 'teleport-d-2'],
    ['https://start.home.awsapps.cn/directory/d-3#/console?account_id=9', 'teleport-d-3'],
    ['https://d-4.awsapps.amazonaws.eu/start/#/', 'teleport-d-4'],
    ['https://ssoins-722.portal.cn-north-1.app.aws', 'teleport-ssoins-722'],
  ])('know the start URLs of all partitions, such as %s (D8-28)', (address, name) => {
    expect(sessionNameOf(startUrlOf(address))).toBe(name)
  })
  it('are made of the account and the role', () => {
    expect(profile('QA', 'System Administrator')).toBe('teleport-awsic-qa-system-administrator')
  })
  it('hold nothing that could end a section (D8-11)', () => {
    expect(profile('a]\n[b: ü/', 'R\r\nx')).toBe('teleport-awsic-ab--rx')
  })
  it('fall back to the account id where the account name has nothing to offer', () => {
    expect(profile('日本', 'Admin')).toBe('teleport-awsic-012345678901-admin')
  })
  it.each([
    ['gh/{account_id}.{role}', 'gh012345678901admin'],
    ['{cluster}_{organization}_{region}_{account}', 'acmeexample_aws-identity-center_eu-west-1_dev'],
    ['{label:team}-{role}-{label:none}', 'pay-ments-admin-'],
    ['--{role}', 'admin'],
  ])('follow the template %s, sanitized: %s', (template, name) => {
    expect(profile('Dev', 'Admin', template)).toBe(name)
  })
  it('are never empty, and never that of the default profile (D8-12)', () => {
    expect(profile('Dev', 'Admin', '{label:none}')).toBe('012345678901')
    expect(profile('Default', 'Admin', '{account}')).toBe('default-012345678901')
  })
  it.each(['{accuont}', '{role', 'role}', '{}', '{label:}', '{constructor}'])(
    'refuse the template %s, and say what there is',
    (template) => {
      expect(() => profile('Dev', 'Admin', template)).toThrow('--name-template does not know')
    },
  )
})
