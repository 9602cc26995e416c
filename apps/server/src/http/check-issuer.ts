import { type AddressProblem, DomainError, problemsOfIssuer } from '@gatehouse/domain'
import type { Config } from '../config.ts'

export interface CheckedIssuer {
  /** Whether provider and role can be made: AWS takes the address, or it is one for local work with a sandbox. */
  readonly isUsable: boolean
  readonly isForSandboxOnly: boolean
  readonly problems: readonly AddressProblem[]
}

/** Whether AWS takes the public address as that of an identity provider. */
export function checkIssuer({
  publicAddress,
  development,
}: Pick<Config, 'publicAddress' | 'development'>): CheckedIssuer {
  const problems = problemsOfIssuer(publicAddress)
  const isForSandboxOnly = problems.length > 0 && development
  return { isUsable: problems.length === 0 || development, isForSandboxOnly, problems }
}

/** @throws DomainError `conflict`, saying what AWS would not take */
export function demandIssuer(config: Pick<Config, 'publicAddress' | 'development'>): void {
  const { isUsable, problems } = checkIssuer(config)
  if (isUsable) return
  throw new DomainError({
    code: 'conflict',
    message: `AWS does not take "${config.publicAddress}" as an identity provider: ${problems.map(({ message }) => message).join(' ')}`,
    remedy: problems.map(({ remedy }) => remedy).join(' '),
  })
}
