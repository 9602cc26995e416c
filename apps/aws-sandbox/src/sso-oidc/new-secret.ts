import { randomBytes } from 'node:crypto'

/** Codes, tokens and secrets that travel in URLs and headers. */
export const newSecret = (bytes: number) => randomBytes(bytes).toString('base64url')
