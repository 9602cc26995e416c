/** Who makes a call, as established by its signature. */
export type Caller =
  /** Calls that AWS takes unsigned (AssumeRoleWithWebIdentity). */
  | { readonly kind: 'anonymous' }
  /** The management account's root, as the control API acts: everything is allowed. */
  | { readonly kind: 'root'; readonly accountId: string; readonly arn: string; readonly userId: string }
  | {
      readonly kind: 'user'
      readonly accountId: string
      readonly arn: string
      /** `AIDA…` */
      readonly userId: string
      readonly userName: string
      readonly accessKeyId: string
    }
  | {
      readonly kind: 'role'
      readonly accountId: string
      /** `arn:aws:sts::<account>:assumed-role/<role>/<session>` */
      readonly arn: string
      /** `AROA…:<session>` */
      readonly userId: string
      readonly roleName: string
      readonly sessionName: string
      readonly accessKeyId: string
    }

/** What a policy says about one action on one resource. */
export type Decision =
  | { readonly allowed: true }
  /** Ends AWS's sentence: `because no identity-based policy allows …`, `with an explicit deny in …`; see `describeDenial`. */
  | { readonly allowed: false; readonly because: string }

/** Values for policy conditions, by lower-case key (`aws:requestedregion`, `sso:instancearn`…). */
export type ConditionContext = Readonly<Record<string, string | readonly string[]>>
