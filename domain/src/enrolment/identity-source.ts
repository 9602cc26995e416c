import type { IdentitySource } from './draft.ts'

/**
 * What changing the identity source to ours does, by the present one (IAM Identity Center User Guide, "Considerations
 * for changing your identity source").
 */
export function warningsOfChange(from: IdentitySource | undefined): readonly string[] {
  switch (from) {
    case 'identity-center':
      return [
        'Users, groups and assignments stay. Passwords and MFA of Identity Center are used no more: people sign in here.',
        SAME_NAME,
      ]
    case 'active-directory':
      return [
        'AWS deletes all users, groups and assignments of Identity Center when it is switched away from Active Directory: everybody loses access to every account until it is given anew.',
        'The address of the access portal may change, too.',
        'Plan for it: note what the preview shows, and make the change when nobody works.',
      ]
    case 'external':
      return [
        'Users, groups, memberships and assignments stay. The former identity provider signs nobody in any more, and its SCIM must be switched off.',
        SAME_NAME,
      ]
    case undefined:
      return ['Tell which identity source is used now: what happens to people depends on it.']
  }
}

const SAME_NAME = 'Whoever has another user name here than in Identity Center can not sign in.'

/** In AWS's words, in the order of its console. */
export const IDENTITY_SOURCE_CLICKS: readonly string[] = [
  'Open "IAM Identity Center" in the console of the management or delegated account, in its Region.',
  'Choose "Settings", and there the tab "Identity source".',
  'Choose "Actions", "Change identity source", "External identity provider", "Next".',
  'Under "Service provider metadata" choose "Download metadata file", and give that file here.',
  'Under "Identity provider metadata" upload the metadata file of Gatehouse.',
  'Choose "Next", read what AWS says, type ACCEPT and choose "Change identity source".',
]
