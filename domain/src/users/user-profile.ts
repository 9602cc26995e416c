import type { User, UserProfile } from './user.ts'

const ADDRESS = /^[^\s@<>"(),:;[\]\\]+@[^\s@<>"(),:;[\]\\]+\.[^\s@<>"(),:;[\]\\]+$/u
/** Identity store model: `UserName` 1..128. */
const MAX_USER_NAME = 128

/**
 * What AWS is told of a user. Names come from the traits `given_name`, `family_name` and `display_name` where there
 * are any; AWS demands all three, so the part before the @ stands in.
 */
export function profileOf(user: User): Omit<UserProfile, 'active'> {
  const first = (trait: string): string | undefined => user.traits[trait]?.find((value) => value.trim() !== '')?.trim()
  const local = user.name.split('@')[0] || user.name
  const givenName = first('given_name') ?? local
  const familyName = first('family_name') ?? local
  return {
    userName: user.name,
    givenName,
    familyName,
    displayName:
      first('display_name') ?? (first('given_name') || first('family_name') ? `${givenName} ${familyName}` : user.name),
    email: first('email') ?? user.name,
  }
}

/**
 * Identity Center wants the SAML NameID to be an address and to equal the `userName` (IAM Identity Center User Guide,
 * "Other identity providers"), so a user of another form is for local work only.
 */
export function whyNotPushed(user: User): string | undefined {
  if (!ADDRESS.test(user.name))
    return `"${user.name}" is not an e-mail address, which AWS wants as the SAML NameID; the user is not pushed.`
  if (user.name.length > MAX_USER_NAME)
    return `The name is longer than the ${MAX_USER_NAME} characters that AWS allows; the user is not pushed.`
  return undefined
}
