import type { AccessListReview } from '../access-lists/review-list.ts'
import type { Account } from '../identity-center/account.ts'
import { labelsOfAccount } from '../identity-center/account-labels.ts'
import type { PermissionSet } from '../identity-center/permission-set.ts'
import { formatInstant } from '../kernel/instant.ts'
import type { Organization } from '../organizations/organization.ts'
import { IDENTITY_CENTER_LABELS } from '../roles/application-access.ts'
import type { PlainDocument } from './format-document.ts'
import { formatDay, formatFrequency } from './review-schedule.ts'

// What people read as documents and nobody writes: the server says it, or AWS does.

export function plainReview(review: AccessListReview): PlainDocument {
  const { removedMembers, askedRemovals, membershipRequires, frequencyMonths, dayOfMonth } = review.changes
  return {
    kind: 'access_list_review',
    version: 'v1',
    metadata: { name: review.id },
    spec: {
      access_list: review.list,
      reviewers: [review.reviewer],
      review_date: formatInstant(review.reviewedAt),
      notes: review.notes,
      changes: {
        ...(membershipRequires ? { membership_requirements_changed: membershipRequires } : {}),
        ...(frequencyMonths === undefined ? {} : { review_frequency_changed: formatFrequency(frequencyMonths) }),
        ...(dayOfMonth === undefined ? {} : { review_day_of_month_changed: formatDay(dayOfMonth) }),
        removed_members: removedMembers,
        ...(askedRemovals ? { asked_removals: askedRemovals } : {}),
      },
    },
    ...(review.nextAuditDate === undefined ? {} : { status: { next_audit_date: formatInstant(review.nextAuditDate) } }),
  }
}

/** The AWS OIDC integration through which an organization is reached; nothing where system credentials are used. */
export function plainIntegration({ credentials }: Organization): PlainDocument | undefined {
  if (credentials.source !== 'oidc') return undefined
  return {
    kind: 'integration',
    sub_kind: 'aws-oidc',
    version: 'v1',
    metadata: { name: credentials.integration },
    spec: { aws_oidc: { role_arn: credentials.roleArn, audience: 'aws-identity-center' } },
  }
}

export const plainAccount = (account: Account, organization: Organization): PlainDocument => ({
  kind: 'aws_ic_account',
  version: 'v1',
  metadata: { name: account.id, description: account.name, labels: labelsOfAccount(account, organization) },
  spec: {
    id: account.id,
    arn: account.arn,
    name: account.name,
    start_url: organization.startUrl,
    is_organization_owner: account.isManagement,
  },
})

export const plainPermissionSet = (set: PermissionSet): PlainDocument => ({
  kind: 'aws_ic_permission_set',
  version: 'v1',
  metadata: { name: set.name, labels: IDENTITY_CENTER_LABELS },
  spec: { arn: set.arn, name: set.name, description: set.description },
})
