import { expect, it } from 'vitest'
import { isPrivateHost } from './is-private-host.ts'

it.each([
  '10.1.2.3',
  '127.0.0.1',
  '169.254.169.254',
  '172.31.0.1',
  '192.168.1.1',
  '100.64.0.1',
  '0.0.0.0',
  '[::1]',
  '[fd00:ec2::254]',
  '[fe80::1]',
  '[::ffff:10.0.0.1]',
  '[::ffff:a00:1]',
  '[64:ff9b::a00:1]',
  '[::10.0.0.1]',
  '[2002:a00:1::1]',
  '[2002:7f00:1::]',
  '[2002:c0a8:101:1::1]',
  '[2001:0:a00:1::f5ff:fffe]',
  '[2001::1]',
  'localhost',
])('%s is in a private network', async (host) => expect(await isPrivateHost(host)).toBe(true))

it.each([
  '1.1.1.1',
  '172.32.0.1',
  '100.128.0.1',
  '[2606:4700:4700::1111]',
  '[2001:4860:4860::8888]',
  'no-such-name.invalid',
])('%s is not', async (host) => expect(await isPrivateHost(host)).toBe(false))
