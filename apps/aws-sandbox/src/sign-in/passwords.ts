import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto'
import type { User } from '../world/records.ts'
import type { World } from '../world/world.ts'

/** Weak on purpose: these people do not exist, and tests sign many of them in. */
const COST = { N: 1_024 }
const HASH_BYTES = 32

/** @returns the password: the one given, or a new one */
export function setPassword(world: World, user: User, password = randomBytes(12).toString('base64url')): string {
  const salt = randomBytes(16).toString('base64')
  const hash = hashPassword(password, salt).toString('base64')
  world.passwords.set(user.id, { userId: user.id, salt, hash })
  return password
}

/** The user of the directory who signs in by this name and password. */
export function findUserByPassword(world: World, userName: string, password: string): User | undefined {
  const [user] = world.users.by('userName', userName.trim().toLowerCase())
  if (user === undefined || !user.active || password === '') return undefined
  return isPassword(world, user, password) ? user : undefined
}

function isPassword(world: World, user: User, password: string): boolean {
  const own = world.passwords.get(user.id)
  if (own === undefined) return password === world.knobs.directoryPassword
  return timingSafeEqual(hashPassword(password, own.salt), Buffer.from(own.hash, 'base64'))
}

function hashPassword(password: string, salt: string): Buffer {
  return scryptSync(password, salt, HASH_BYTES, COST)
}
