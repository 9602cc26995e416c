/**
 * Why a sign-in is refused. The user sees one of AWS's two texts; the true reason is for the log only (IAM Identity Center
 * User Guide, "Troubleshooting").
 */
export class SamlRefusal extends Error {
  readonly shown: 'An unexpected error has occurred' | 'Invalid MFA credentials'

  constructor(reason: string, shown: SamlRefusal['shown'] = 'An unexpected error has occurred') {
    super(reason)
    this.shown = shown
  }
}

export function demand(isSo: boolean, otherwise: string): asserts isSo {
  if (!isSo) throw new SamlRefusal(otherwise)
}
