import { randomBytes } from 'node:crypto'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** What IAM calls things by when names may come back: four letters for the kind, then 17 that never repeat. */
export function createUniqueId(prefix: 'AROA' | 'AIDA' | 'AKIA' | 'ASIA' | 'ANPA', length = 17): string {
  const letters = Array.from(randomBytes(length), (byte) => ALPHABET.charAt(byte % ALPHABET.length))
  return prefix + letters.join('')
}

/** 40 characters, as AWS makes them. */
export function createSecretKey(): string {
  return randomBytes(30).toString('base64')
}
