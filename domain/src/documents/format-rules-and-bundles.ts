import type { TimeWindow } from '../approval-rules/time-window.ts'
import type { AccountSelector } from '../identity-center/account-selector.ts'
import { formatDuration } from '../kernel/instant.ts'
import type { ApprovalRuleDocument, BundleDocument, NamedThreshold } from './document.ts'
import { filled } from './filled.ts'

interface Parts {
  readonly version: string
  readonly metadata: Readonly<Record<string, unknown>>
  readonly spec: Readonly<Record<string, unknown>>
}

export function bundleParts(document: BundleDocument): Parts {
  const { name, title, description, labels, accounts, permissionSets, exclude } = document
  return {
    version: 'v1',
    metadata: { name, ...filled({ description, labels }) },
    spec: {
      ...filled({ title }),
      accounts: accounts.map(accountEntry),
      permission_sets: permissionSets,
      ...filled({
        exclude: filled({ accounts: exclude.accounts.map(accountEntry), permission_sets: exclude.permissionSets }),
      }),
    },
  }
}

const accountEntry = ({ id, name, organizationalUnit, tags = {} }: AccountSelector): Record<string, unknown> =>
  filled({
    id,
    name,
    organizational_unit: organizationalUnit,
    tags: Object.fromEntries(
      Object.entries(tags).map(([key, values]) => [key, values.length === 1 ? values[0] : values]),
    ),
  })

export function approvalRuleParts({ name, description, labels, when, effect }: ApprovalRuleDocument): Parts {
  return {
    version: 'v1',
    metadata: { name, ...filled({ description, labels }) },
    spec: {
      ...filled({
        when: filled({
          accounts: when.accounts.map(accountEntry),
          permission_sets: when.permissionSets,
          roles: when.roles,
          requester_lists: when.requesterLists,
          times: when.times.map(windowEntry),
        }),
      }),
      ...(effect.kind === 'thresholds'
        ? { thresholds: effect.thresholds.map(thresholdEntry) }
        : { decision: effect.kind, ...filled({ reason: effect.reason }) }),
    },
  }
}

const windowEntry = ({ days, from, to, timeZone }: TimeWindow): Record<string, unknown> => ({
  ...filled({ days }),
  from: clock(from),
  to: clock(to),
  time_zone: timeZone,
})

const clock = (minute: number): string =>
  [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':')

const thresholdEntry = ({ name, approve, deny, filter, reviewers, opensAfter }: NamedThreshold) => ({
  ...filled({ name }),
  approve,
  deny,
  ...filled({
    filter,
    reviewers: reviewers && filled({ ...reviewers }),
    after: opensAfter === undefined ? undefined : formatDuration(opensAfter),
  }),
})
