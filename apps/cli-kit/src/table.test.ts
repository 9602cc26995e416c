import { describe, expect, it } from 'vitest'
import { facts, shortened, table } from './table.ts'

describe('a table', () => {
  it('divides columns by one blank and underlines each heading', () => {
    expect(
      table(
        ['Profile', 'Account'],
        [
          ['teleport-awsic-dev-admin', 'dev'],
          ['x', 'production'],
        ],
      ),
    ).toBe(
      [
        'Profile                  Account',
        '------------------------ ----------',
        'teleport-awsic-dev-admin dev',
        'x                        production',
      ].join('\n'),
    )
  })
  it('lets no cell move the cursor or turn the line around', () => {
    expect(table(['A'], [['\u001b[2Jx\r\ny\u202e']])).toBe('A\n---------\n·[2Jx··y·')
  })
  it('counts what a reader takes for one character', () => {
    expect(
      table(
        ['A', 'B'],
        [
          ['é', 'x'],
          ['e\u0301', 'x'],
        ],
      ),
    ).toBe('A B\n- -\né x\ne\u0301 x')
  })
  it('has only headings when it is empty', () => {
    expect(table(['A', 'Long'], [])).toBe('A Long\n- ----')
  })
})

it('facts line up, and leave out what is not known', () => {
  expect(
    facts([
      ['Name', 'x'],
      ['Cluster', 'y'],
      ['Until', undefined],
    ]),
  ).toBe('Name:    x\nCluster: y')
})
it('shortened text keeps its characters whole', () => {
  expect(shortened('abcdef', 4)).toBe('abc…')
  expect(shortened('abc', 4)).toBe('abc')
})
