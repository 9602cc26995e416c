import {
  argument,
  command,
  duration,
  everyPage,
  flag,
  type Group,
  names,
  PAGE,
  printable,
  repeated,
  severalArguments,
  text,
  textOr,
  usageError,
} from '@gatehouse/cli-kit'
import { formatDuration } from '@gatehouse/domain'
import { describeRequest, requestTable } from './describe.ts'
import { searchCommand } from './search.ts'
import { waitForDecision } from './wait-for-decision.ts'

const idArgument = argument('id', 'the access request')

const create = command({
  name: 'create',
  summary: 'Ask for roles or for AWS accounts.',
  options: {
    roles: names('<names>', 'roles, divided by commas; * for all you may ask for'),
    resource: repeated('<id>', 'a resource id; "tsh apps ls --requestable -v" shows them'),
    reason: textOr('<text>', 'why you need it', ''),
    reviewers: names('<names>', 'whom you suggest as reviewers'),
    maxDuration: duration('<duration>', 'how long the access should last'),
    sessionTtl: duration('<duration>', 'the same as --max-duration'),
    requestTtl: duration('<duration>', 'how long the request may wait for a decision'),
    assumeStartTime: text('<time>', 'the access starts then, such as 2027-03-01T09:00:00Z'),
    dryRun: flag('check it and save nothing'),
    wait: duration('<duration>', 'wait so long for the decision; 4 if denied, 7 if none came'),
    nowait: flag('do not wait; this is what happens without --wait'),
  },
  async run({ client, options, signal }) {
    const { roles, resource, reason, reviewers, requestTtl, assumeStartTime, dryRun, wait } = options
    const lasts = options.maxDuration ?? options.sessionTtl
    const body = {
      roles: [...roles],
      resources: [...resource],
      reason,
      suggestedReviewers: [...reviewers],
      maxDuration: lasts === undefined ? undefined : formatDuration(lasts),
      requestTtl: requestTtl === undefined ? undefined : formatDuration(requestTtl),
      assumeStartTime,
      dryRun,
    }
    const filed = await client.createAccessRequest({ body }, signal)
    const talk = filed.warnings.map((warning) => `Warning: ${warning}`)
    if (dryRun || wait === undefined) return { data: filed, text: describeRequest(filed), talk }
    const { request, exitCode } = await waitForDecision(client, filed, wait, signal)
    return { data: request, text: describeRequest(request), talk, exitCode }
  },
})

const list = command({
  name: 'ls',
  summary: 'List access requests, the newest first.',
  options: {
    myRequests: flag('only your own'),
    reviewable: flag('only those of others that wait for your review'),
    suggested: flag('the same, where you were suggested as a reviewer'),
  },
  async run({ client, options, signal }) {
    const { myRequests: mine, reviewable, suggested } = options
    const requests = await everyPage((cursor) =>
      client.listAccessRequests({ query: { limit: PAGE, cursor, mine, reviewable, suggested } }, signal),
    )
    return { data: requests, text: requestTable(requests, Date.now()) }
  },
})

const show = command({
  name: 'show',
  summary: 'Show one access request, and what became of it in AWS.',
  args: { id: idArgument },
  async run({ client, args, signal }) {
    const request = await client.getAccessRequest({ params: { id: args.id } }, signal)
    return { data: request, text: describeRequest(request) }
  },
})

const review = command({
  name: 'review',
  summary: 'Approve or deny an access request.',
  args: { id: idArgument },
  options: {
    approve: flag('approve it'),
    deny: flag('deny it'),
    reason: textOr('<text>', 'why', ''),
    assumeStartTime: text('<time>', 'approved access starts then'),
  },
  async run({ client, args, options, signal }) {
    const { approve, deny, reason, assumeStartTime } = options
    if (approve === deny) throw usageError('Approve or deny?', 'Give exactly one of --approve and --deny.')
    const body = { verdict: approve ? 'approve' : 'deny', reason, assumeStartTime } as const
    const reviewed = await client.reviewAccessRequest({ params: { id: args.id }, body }, signal)
    return {
      data: reviewed,
      text: '',
      talk: [`Successfully submitted review. Request state: ${reviewed.state.toUpperCase()}`],
    }
  },
})

const drop = command({
  name: 'drop',
  summary: 'Stop assuming approved requests in this sign-in. What they give in AWS stays until it ends.',
  args: { ids: severalArguments('id', 'one or more') },
  async run({ client, args, signal }) {
    const session = await client.changeAssumed({ body: { drop: [...args.ids] } }, signal)
    return { data: session, text: `Dropped: ${args.ids.map(printable).join(', ')}.` }
  },
})

export const accessRequestCommands: Group = {
  name: 'request',
  aliases: ['requests'],
  summary: 'Ask for access, and review what others ask for.',
  commands: [create, list, show, review, drop, searchCommand],
}
