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
    expect(sayName('\u202Elive')).toBe('\u2068\u202Elive\u2069')
    expect(sayName('مرحبا')).toBe('\u2068مرحبا\u2069')
  })
})
