import {
  argument,
  command,
  everyPage,
  facts,
  fileReview,
  flag,
  type Group,
  names,
  optionalArgument,
  PAGE,
  printable,
  repeated,
  severalArguments,
  text,
  textOr,
  usageError,
} from '@gatehouse/cli-kit'
import { describeRequest, overview } from './describe.ts'
import { forEachId } from './for-each-id.ts'
import { refuseUnlessCaller } from './refuse-unless-caller.ts'

const idsArgument = severalArguments('id', 'one or more, divided by commas or blanks')
const reasonOption = textOr('<text>', 'why', '')
const approvalOptions = {
  only: repeated('<row>', 'approve only this row, which denies the others; "tctl requests get" names them'),
  shown: text('<hash>', 'approve what "tctl requests get" showed; left out, what there is now'),
}

const list = command({
  name: 'ls',
  summary: 'List access requests, the newest first.',
  async run({ client, signal }) {
    const requests = await everyPage((cursor) => client.listAccessRequests({ query: { limit: PAGE, cursor } }, signal))
    return { data: requests, text: overview(requests) }
  },
})

const get = command({
  name: 'get',
  summary: 'Show access requests, and what became of them in AWS.',
  args: { ids: idsArgument },
  async run({ client, args, signal }) {
    const requests = []
    for (const id of args.ids) requests.push(await client.getAccessRequest({ params: { id } }, signal))
    const [only] = requests
    return {
      data: requests.length === 1 ? only : requests,
      text: requests.map(describeRequest).join('\n\n'),
    }
  },
})

const decide = (name: 'approve' | 'deny', summary: string) =>
  command({
    name,
    summary,
    args: { ids: idsArgument },
    options: {
      reason: reasonOption,
      assumeStartTime: text('<time>', 'approved access starts then'),
      ...approvalOptions,
      roles: names('<names>', 'the same as --only, for each of these roles'),
      annotations: text('<k=v,...>', 'refused: a review has none; say it in --reason'),
      delegator: text('<user>', 'may only be yourself: a review is filed by whoever is signed in'),
    },
    async run({ client, args, options, signal }) {
      await refuseUnlessCaller(client, options.delegator, signal)
      if (options.shown !== undefined && args.ids.length > 1)
        throw usageError('--shown is of one request.', 'Approve the others by themselves.')
      if (options.annotations !== undefined)
        throw usageError('A review has no annotations.', 'Say in --reason what is to be kept with it.')
      const only = [...options.only, ...options.roles]
      return forEachId(args.ids, async (id) => {
        const { request, talk } = await fileReview(client, id, { verdict: name, ...options, only }, signal)
        const line = `Request ${printable(id)}: your review is filed; it is ${request.state} now.`
        return { data: { id, state: request.state }, line: [...talk, line].join('\n') }
      })
    },
  })

const review = command({
  name: 'review',
  summary: 'File your review of one access request.',
  args: { id: argument('id', 'the access request') },
  options: {
    approve: flag('approve it'),
    deny: flag('deny it'),
    reason: reasonOption,
    ...approvalOptions,
    author: text('<user>', 'may only be yourself'),
  },
  async run({ client, args, options, signal }) {
    const { approve, deny, author, ...review } = options
    if (approve === deny) throw usageError('Approve or deny?', 'Give exactly one of --approve and --deny.')
    await refuseUnlessCaller(client, author, signal)
    const verdict = approve ? 'approve' : 'deny'
    const { request, talk } = await fileReview(client, args.id, { verdict, ...review }, signal)
    return {
      data: request,
      text: `Request ${printable(args.id)}: your review is filed; it is ${request.state} now.`,
      talk,
    }
  },
})

const remove = command({
  name: 'rm',
  summary: 'Delete access requests; access that they give ends.',
  args: { ids: idsArgument },
  async run({ client, args, signal }) {
    return forEachId(args.ids, async (id) => {
      await client.deleteAccessRequest({ params: { id } }, signal)
      return { data: { id, outcome: 'deleted' }, line: `Request ${printable(id)} has been deleted.` }
    })
  },
})

const endEarly = command({
  name: 'return',
  summary: 'End approved access before its time, all of it or some rows.',
  args: { id: argument('id', 'the access request') },
  options: { only: repeated('<row>', 'only this row of it; "tctl requests get" names them') },
  async run({ client, args, options, signal }) {
    const body = options.only.length === 0 ? {} : { rows: [...options.only] }
    const request = await client.returnAccess({ params: { id: args.id }, body }, signal)
    return { data: request, text: describeRequest(request) }
  },
})

const create = command({
  name: 'create',
  summary: 'File an access request; for yourself only. Prints its id.',
  args: { user: optionalArgument('user', 'may only be yourself') },
  options: {
    roles: names('<names>', 'roles, divided by commas'),
    resource: repeated('<id>', 'a resource id'),
    bundle: repeated('<name>', 'a bundle'),
    reason: reasonOption,
    dryRun: flag('check it and save nothing'),
  },
  async run({ client, args, options, signal }) {
    await refuseUnlessCaller(client, args.user, signal)
    const { roles, resource, bundle, reason, dryRun } = options
    const body = { roles: [...roles], resources: [...resource], bundles: [...bundle], reason, dryRun }
    const request = await client.createAccessRequest({ body }, signal)
    const talk = request.warnings.map((warning) => `Warning: ${warning}`)
    return { data: request, text: dryRun ? describeRequest(request) : request.id, talk }
  },
})

const capabilities = command({
  name: 'capabilities',
  summary: 'Show what somebody may ask for.',
  args: { user: optionalArgument('user', 'yourself if left out') },
  async run({ client, args: { user }, signal }) {
    const ask = (cursor?: string) => client.getRequestCapabilities({ query: { limit: PAGE, cursor, user } }, signal)
    const { searchAsRoles, suggestedReviewers, needsReason, prompts } = await ask()
    const roles = await everyPage(ask)
    const data = { roles, searchAsRoles, suggestedReviewers, needsReason, prompts }
    const text = facts([
      ['Roles', roles.join(', ') || '[none]'],
      ['Search As Roles', searchAsRoles.join(', ') || '[none]'],
      ['Suggested Reviewers', suggestedReviewers.join(', ') || '[none]'],
      ['Reason', needsReason ? 'needed' : 'not always needed'],
      ['Asked', prompts.join(' ') || undefined],
    ])
    return { data, text }
  },
})

const promote = command({
  name: 'promote',
  summary: 'Answer a request with lasting access: the requester becomes a member of a list.',
  args: { id: argument('id', 'the access request'), list: argument('list', "the list's id") },
  options: { expires: text('<time>', 'when the membership ends'), reason: reasonOption },
  async run({ client, args, options, signal }) {
    const body = { list: args.list, reason: options.reason, expires: options.expires }
    const promoted = await client.promoteAccessRequest({ params: { id: args.id }, body }, signal)
    const title = promoted.promotedTo?.title ?? args.list
    return {
      data: promoted,
      text: `Request ${printable(args.id)} is promoted: ${printable(promoted.user)} is in ${printable(title)}.`,
    }
  },
})

export const accessRequestCommands: Group = {
  name: 'requests',
  aliases: ['request'],
  summary: 'Access requests and their reviews.',
  commands: [
    list,
    get,
    decide('approve', 'File your approval of access requests.'),
    decide('deny', 'File your denial of access requests.'),
    review,
    promote,
    endEarly,
    remove,
    create,
    capabilities,
  ],
}
