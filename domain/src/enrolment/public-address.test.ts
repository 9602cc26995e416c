import { expect, it } from 'vitest'
import { problemsOfIssuer } from './public-address.ts'

const codes = (address: string): readonly string[] => problemsOfIssuer(address).map(({ code }) => code)

it.each(['https://gatehouse.example.com', 'https://example.com/gatehouse', 'https://a.eu'])('AWS takes %s', (address) =>
  expect(codes(address)).toEqual([]),
)
it.each([
  ['gatehouse', ['not-an-address']],
  ['http://gatehouse.example.com', ['not-https']],
  ['https://gatehouse.example.com:8443', ['port']],
  ['https://gatehouse.example.com:443/', ['port']],
  ['https://gatehouse.example.com/?a=b', ['extra']],
  ['https://me:secret@gatehouse.example.com', ['extra']],
  [`https://gatehouse.example.com/${'x'.repeat(255)}`, ['too-long']],
  ['https://Gatehouse.example.com', ['upper-case']],
  ['https://gatehouse', ['not-public']],
  ['https://gatehouse.corp.internal', ['not-public']],
  ['https://10.0.0.7', ['not-public']],
  ['https://172.20.0.7', ['not-public']],
  ['https://[::1]', ['not-public']],
  ['http://localhost:3080', ['not-https', 'port', 'not-public']],
])('AWS does not take %s: %j', (address, expected) => expect(codes(address)).toEqual(expected))

it('every problem says what to do', () => {
  for (const { message, remedy } of problemsOfIssuer('http://me@LOCALHOST:1/?x')) {
    expect(message).toMatch(/\.$/)
    expect(remedy).toMatch(/\.$/)
  }
})
