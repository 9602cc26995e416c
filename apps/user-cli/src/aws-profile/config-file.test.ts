import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatConfig, parseConfig } from './config-file.ts'
import { isMarker } from './markers.ts'

const parse = (text: string | Uint8Array) => parseConfig(typeof text === 'string' ? Buffer.from(text) : text, isMarker)

describe('an AWS config file', () => {
  it('comes out as it went in, byte by byte', () => {
    const line = fc.oneof(
      fc.constantFrom(
        '',
        '[default]',
        '[profile a]',
        '  [odd]',
        '# note',
        '; note',
        's3 =',
        '  max = 1',
        '\tkey = x',
        '] [',
      ),
      fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/[[\0\n]/g, '')),
    )
    const ends = fc.constantFrom('\n', '\r\n')
    fc.assert(
      fc.property(fc.array(fc.tuple(line, ends)), fc.boolean(), fc.boolean(), (lines, hasMark, isUnended) => {
        const whole = lines.map(([text, end]) => text + end).join('')
        const bytes = Buffer.concat([
          Buffer.from(hasMark ? [0xef, 0xbb, 0xbf] : []),
          Buffer.from(isUnended ? whole.replace(/\r?\n$/, '') : whole),
        ])
        expect(formatConfig(parse(bytes))).toEqual(bytes)
      }),
    )
  })
  it('keeps bytes that are not UTF-8', () => {
    const bytes = Buffer.from([0x5b, 0x61, 0x5d, 0x0a, 0xff, 0xfe, 0x3d, 0x31, 0x0a])
    expect(formatConfig(parse(bytes))).toEqual(bytes)
  })
  it.each([
    ['[profile "my dev"]', 'profile my dev'],
    ["[ profile\t'x' ] # mine", 'profile x'],
    ['[profile te"le"\\port]', 'profile teleport'],
    ['[default]', 'default'],
    ['[profile a:b/ü]', Buffer.from('profile a:b/ü').toString('latin1')],
  ])('knows the section %s by its name (D8-10, D8-11)', (header, name) => {
    expect(parse(`${header}\nregion = x\n`).sections.map((section) => section.name)).toEqual([name])
  })
  it('finds a header after a byte order mark (D8-5)', () => {
    expect(parse('\ufeff[default]\n').sections).toHaveLength(1)
  })
  it.each([
    ['[default]\rregion = x\r', 1],
    ['[default]\r[profile x]\r\nregion = x\r', 2],
  ])('ends a line at a carriage return that stands alone, as the AWS CLI does: %j', (text, sections) => {
    expect(parse(text).sections).toHaveLength(sections)
    expect(formatConfig(parse(text)).toString()).toBe(text)
  })
  it('is refused with NUL bytes or a section that is not closed', () => {
    expect(() => parse('[default]\nx = \0')).toThrow('NUL')
    expect(() => parse('[default]\n[profile x\n')).toThrow('line 2')
  })
})
