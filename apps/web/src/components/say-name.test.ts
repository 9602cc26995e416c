import { describe, expect, it } from 'vitest'
import { cut, sayName } from './say-name.ts'

describe('a name', () => {
  it('stays as it is where there is room', () => {
    expect(cut('prod')).toBe('prod')
    expect(sayName('Größe 👩‍💻')).toBe('Größe 👩‍💻')
  })

  it('is cut between characters as people see them, and never within one', () => {
    expect(cut(`${'a'.repeat(4)}👩‍💻b`, 6)).toBe('aaaa…')
    expect(cut('W'.repeat(10_000))).toBe(`${'W'.repeat(120)}…`)
    expect(cut(`e${'\u0301'.repeat(500)}`, 10)).toBe('…')
  })

  it('turns nothing around but itself', () => {
    expect(sayName('مرحبا')).toBe('\u2068مرحبا\u2069')
  })

  it('can not end its own isolation to turn around the rest of the sentence', () => {
    expect(sayName('ana\u2069\u202E')).toBe('ana··')
    for (const mark of '\u061C\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069') {
      expect(cut(`a${mark}b`)).toBe('a·b')
      expect(sayName(`مر${mark}حبا`)).toBe('\u2068مر·حبا\u2069')
    }
  })
})
