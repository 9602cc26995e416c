import { describe, expect, it } from 'vitest'
import { parseServerAddress } from './server-address.ts'

describe('the address of a server', () => {
  it.each([
    ['gatehouse.example.org', 'https://gatehouse.example.org'],
    ['gatehouse.example.org:8443/', 'https://gatehouse.example.org:8443'],
    ['HTTPS://Gatehouse.example.org/sign-in?x', 'https://gatehouse.example.org'],
    ['http://localhost:3080/', 'http://localhost:3080'],
    ['http://127.0.0.1:3080', 'http://127.0.0.1:3080'],
    ['http://[::1]:3080', 'http://[::1]:3080'],
  ])('%s is %s', (typed, address) => {
    expect(parseServerAddress(typed)).toBe(address)
  })
  it.each(['', 'ftp://x', 'https://', 'https://ana:secret@gatehouse.example.org', 'not an address'])(
    '"%s" is none',
    (typed) => {
      expect(() => parseServerAddress(typed)).toThrow('not the address')
    },
  )
  it('is never plain http to another machine, because the password goes there', () => {
    expect(() => parseServerAddress('http://gatehouse.example.org')).toThrow('read the password')
  })
})
