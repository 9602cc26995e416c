import { contract, type GatehouseContract } from '@gatehouse/api'
import { DomainError } from '@gatehouse/domain'
import type { ServerHandlers } from './mount.ts'

/** Stands in for handlers whose use cases are still being built: it refuses, and never pretends. */
export function notYet(): ServerHandlers {
  const refuse = async (): Promise<never> => {
    throw new DomainError({ code: 'not-supported-yet', field: 'path', feature: 'this endpoint' })
  }
  const names = Object.keys(contract) as (keyof GatehouseContract)[]
  return Object.fromEntries(names.map((name) => [name, refuse])) as unknown as ServerHandlers
}
