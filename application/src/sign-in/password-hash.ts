import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'

declare module 'node:crypto' {
  // In Node since 24.7; the type package of 24.0 does not know it yet.
  function argon2(
    algorithm: 'argon2id',
    parameters: {
      readonly message: string | Uint8Array
      readonly nonce: Uint8Array
      readonly memory: number
      readonly passes: number
      readonly parallelism: number
      readonly tagLength: number
    },
    callback: (error: Error | null, derived: Buffer) => void,
  ): void
}

/** OWASP Password Storage Cheat Sheet, "Argon2id": 19 MiB, two passes; some 25 ms on the hardware we plan for. */
const MEMORY_KIB = 19_456
const PASSES = 2
const PARALLELISM = 1
const TAG_BYTES = 32
const SALT_BYTES = 16
/** More at once would only make everybody wait, and take 19 MiB each. */
const AT_ONCE = 2

/** Makes and checks password hashes, two at a time. */
export interface PasswordHasher {
  /** In PHC form, so that its parameters can change later. */
  hash(password: string): Promise<string>
  /** Without a hash it takes as long and says no, so that nobody learns who has a password. */
  verify(password: string, hash: string | undefined): Promise<boolean>
}

export function createPasswordHasher(): PasswordHasher {
  const turn = createTurns(AT_ONCE)
  const nobody = format(randomBytes(SALT_BYTES), randomBytes(TAG_BYTES))
  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES)
      const { memory, passes, parallelism } = { memory: MEMORY_KIB, passes: PASSES, parallelism: PARALLELISM }
      return format(salt, await turn(() => derive(password, { salt, memory, passes, parallelism, length: TAG_BYTES })))
    },
    async verify(password, hash) {
      const parsed = parse(hash ?? nobody)
      const derived = await turn(() => derive(password, { ...parsed, length: parsed.tag.length }))
      return timingSafeEqual(derived, parsed.tag) && hash !== undefined
    },
  }
}

interface Parameters {
  readonly salt: Uint8Array
  readonly memory: number
  readonly passes: number
  readonly parallelism: number
}

/** Composed and decomposed letters are the same password (NIST SP 800-63B, 5.1.1.2). */
function derive(password: string, parameters: Parameters & { readonly length: number }): Promise<Buffer> {
  const { salt, memory, passes, parallelism, length } = parameters
  const message = password.normalize('NFKC')
  return new Promise((resolve, reject) => {
    argon2('argon2id', { message, nonce: salt, memory, passes, parallelism, tagLength: length }, (error, derived) =>
      error ? reject(error) : resolve(derived),
    )
  })
}

const unpadded = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replaceAll('=', '')

const format = (salt: Uint8Array, tag: Uint8Array): string =>
  `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${PARALLELISM}$${unpadded(salt)}$${unpadded(tag)}`

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

function parse(hash: string): Parameters & { readonly tag: Buffer } {
  const [, memory, passes, parallelism, salt = '', tag = ''] = PHC.exec(hash) ?? []
  if (salt === '') throw new Error('a stored password hash is not in the form we write')
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  }
}

/** Lets so many run at a time; the others wait in the order they came. */
function createTurns(places: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let free = places
  return async (work) => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }
}
