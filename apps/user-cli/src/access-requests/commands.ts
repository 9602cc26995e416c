import {
  anyArguments,
  argument,
  command,
  duration,
  everyPage,
  fileReview,
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
    bundle: repeated('<name>', 'a bundle; "tsh bundles ls" shows them'),
    reason: textOr('<text>', 'why you need it', ''),
    longTerm: flag('ask to become a member of a list that gives it, instead of access that ends'),
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
    const { roles, resource, bundle, reason, reviewers, requestTtl, assumeStartTime, dryRun, wait } = options
    const lasts = options.maxDuration ?? options.sessionTtl
    const body = {
      roles: [...roles],
      resources: [...resource],
      bundles: [...bundle],
      longTerm: options.longTerm,
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
    only: repeated('<row>', 'approve only this row of it, which denies the others; "tsh request show" names them'),
    shown: text('<hash>', 'approve what "tsh request show" showed; left out, what there is now'),
  },
  async run({ client, args, options, signal }) {
    const { approve, deny, ...review } = options
    if (approve === deny) throw usageError('Approve or deny?', 'Give exactly one of --approve and --deny.')
    const verdict = approve ? 'approve' : 'deny'
    const { request, talk } = await fileReview(client, args.id, { verdict, ...review }, signal)
    return {
      data: request,
      text: '',
      talk: [...talk, `Successfully submitted review. Request state: ${request.state.toUpperCase()}`],
    }
  },
})

const onlyOption = repeated('<row>', 'only this row of it; "tsh request show" names them')

const giveBack = command({
  name: 'return',
  summary: 'End approved access before its time, all of it or some rows.',
  args: { id: idArgument },
  options: { only: onlyOption },
  async run({ client, args, options, signal }) {
    const body = options.only.length === 0 ? {} : { rows: [...options.only] }
    const request = await client.returnAccess({ params: { id: args.id }, body }, signal)
    return { data: request, text: describeRequest(request) }
  },
})

const prolong = command({
  name: 'prolong',
  summary: 'Ask for running access to last longer: for the same again, from its end on.',
  args: { id: idArgument },
  options: {
    maxDuration: duration('<duration>', 'how much longer'),
    reason: textOr('<text>', 'why you need it', ''),
    dryRun: flag('check it and save nothing'),
  },
  async run({ client, args, options: { maxDuration, reason, dryRun }, signal }) {
    const body = {
      prolongs: args.id,
      reason,
      maxDuration: maxDuration === undefined ? undefined : formatDuration(maxDuration),
      dryRun,
    }
    const filed = await client.createAccessRequest({ body }, signal)
    return { data: filed, text: describeRequest(filed), talk: filed.warnings.map((warning) => `Warning: ${warning}`) }
  },
})

const cancel = command({
  name: 'cancel',
  summary: 'Withdraw requests of your own that nobody has decided yet.',
  args: { ids: severalArguments('id', 'one or more') },
  async run({ client, args, signal }) {
    for (const id of args.ids) await client.deleteAccessRequest({ params: { id } }, signal)
    return { data: { cancelled: args.ids }, text: `Withdrawn: ${args.ids.map(printable).join(', ')}.` }
  },
})

const drop = command({
  name: 'drop',
  summary: 'Stop assuming approved requests in this sign-in. What they give in AWS stays until it ends.',
  args: { ids: anyArguments('id', 'which ones; all that are assumed if left out') },
  async run({ client, args, signal }) {
    const session = args.ids.length === 0 ? await client.getMe({}, signal) : undefined
    const ids = session ? session.assumed.map(({ id }) => id) : args.ids
    if (session && ids.length === 0) return { data: session, text: 'No request is assumed.' }
    const left = await client.changeAssumed({ body: { drop: [...ids] } }, signal)
    return { data: left, text: `Dropped: ${ids.map(printable).join(', ')}.` }
  },
})

export const accessRequestCommands: Group = {
  name: 'request',
  aliases: ['requests'],
  summary: 'Ask for access, and review what others ask for.',
  commands: [create, list, show, review, prolong, giveBack, cancel, drop, searchCommand],
}
