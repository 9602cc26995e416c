import { DomainError } from '@gatehouse/domain'
import type { ServerHandlers } from './mount.ts'

type Names =
  | 'installOrganization'
  | 'getPlan'
  | 'startOrganization'
  | 'getOrganizationStatus'
  | 'release'
  | 'createLink'

const refuse = async (): Promise<never> => {
  throw new DomainError({ code: 'not-supported-yet', field: 'path', feature: 'this endpoint' })
}

/** Stands in for what the engine will answer: it refuses, and never pretends. */
export const notYet: Pick<ServerHandlers, Names> = {
  installOrganization: refuse,
  getPlan: refuse,
  startOrganization: refuse,
  getOrganizationStatus: refuse,
  release: refuse,
  createLink: refuse,
}
