import {
  checkRole,
  createPeopleRole,
  editEnrolment,
  finishEnrolment,
  getDraft,
  listEnrolments,
  readIdentitySource,
  readView,
  removeEnrolment,
  samlAddresses,
  startEnrolment,
  testConnection,
  yamlOfPeopleRole,
} from '@gatehouse/application'
import type { EnrolmentDraft } from '@gatehouse/domain'
import type { Config } from '../config.ts'
import { actorOf } from './actor-of.ts'
import { checkIssuer } from './check-issuer.ts'
import type { HandlerPorts } from './create-handlers.ts'
import { accountFilterOf, groupFilterOf, userFilterOf } from './filters.ts'
import type { ServerHandlers } from './mount.ts'
import { presentOrganization } from './organization-handlers.ts'
import { sliceOf } from './paging.ts'
import { presentEnrolment } from './present-enrolment.ts'

type Names =
  | 'checkPublicAddress'
  | 'listEnrolments'
  | 'startEnrolment'
  | 'getEnrolment'
  | 'editEnrolment'
  | 'deleteEnrolment'
  | 'checkRole'
  | 'getIdentitySource'
  | 'testScim'
  | 'finishEnrolment'
  | 'writePeopleRole'

/** The guided enrolment, step by step. */
export function enrolmentHandlers(ports: HandlerPorts, config: Config): Pick<ServerHandlers, Names> {
  const present = async (draft: EnrolmentDraft, signal: AbortSignal) =>
    presentEnrolment(draft, await readView(ports, signal), ports, signal)

  return {
    checkPublicAddress() {
      const { isUsable, isForSandboxOnly, problems } = checkIssuer(config)
      const sandboxOnly = isForSandboxOnly
      return Promise.resolve({ address: config.publicAddress, usable: isUsable, sandboxOnly, problems: [...problems] })
    },
    async listEnrolments({ query, signal, ...who }) {
      const drafts = await listEnrolments(ports, { actor: actorOf(who) }, signal)
      const reading = await readView(ports, signal)
      const presented = drafts.map((draft) => presentEnrolment(draft, reading, ports, signal))
      return sliceOf(await Promise.all(presented), query, (enrolment) => enrolment)
    },
    async startEnrolment({ body: { name }, signal, ...who }) {
      return present(await startEnrolment(ports, { actor: actorOf(who), name }, signal), signal)
    },
    async getEnrolment({ params: { name }, signal, ...who }) {
      return present((await getDraft(ports, { actor: actorOf(who), name }, signal)).draft, signal)
    },
    async editEnrolment({ params: { name }, body, signal, ...who }) {
      const { scimToken, revision, accountFilter, groupFilter, userFilter, ...plain } = body
      const given = {
        ...plain,
        ...(accountFilter === undefined ? {} : { accountFilter: accountFilter && accountFilterOf(accountFilter) }),
        ...(groupFilter === undefined ? {} : { groupFilter: groupFilter && groupFilterOf(groupFilter) }),
        ...(userFilter === undefined ? {} : { userFilter: userFilter && userFilterOf(userFilter) }),
      }
      const command = {
        actor: actorOf(who),
        name,
        given,
        ...(scimToken === undefined ? {} : { scimToken }),
        ...(revision === undefined ? {} : { revision }),
      }
      return present(await editEnrolment(ports, command, signal), signal)
    },
    async deleteEnrolment({ params: { name }, signal, ...who }) {
      await removeEnrolment(ports, { actor: actorOf(who), name }, signal)
    },
    async checkRole({ params: { name }, body: { revision }, signal, ...who }) {
      const { draft, isAssumed, permissions, message, remedy } = await checkRole(
        ports,
        { actor: actorOf(who), name, revision },
        signal,
      )
      const ticked = new Set(draft.given.extras)
      return {
        assumed: isAssumed,
        message,
        remedy,
        permissions: permissions.map((check) => ({
          ...check,
          wanted: check.extra === undefined || ticked.has(check.extra),
        })),
        enrolment: await present(draft, signal),
      }
    },
    async getIdentitySource({ params: { name }, signal, ...who }) {
      const addresses = samlAddresses(config.publicAddress)
      const found = await readIdentitySource(ports, { actor: actorOf(who), name, addresses }, signal)
      const { ours, theirs } = found
      return {
        ours: {
          metadataUrl: ours.entityId,
          metadata: ours.metadata,
          entityId: ours.entityId,
          signInUrl: ours.singleSignOnUrl,
          certificates: ours.certificates.map(({ pem }) => pem),
        },
        ...(theirs
          ? { theirs: { entityId: theirs.entityId, acsUrls: theirs.assertionConsumers.map(({ url }) => url) } }
          : {}),
        problems: [...found.problems],
        warnings: [...found.warnings],
        clicks: [...found.clicks],
      }
    },
    async testScim({ params: { name }, body: { revision }, signal, ...who }) {
      const query = { actor: actorOf(who), name, revision }
      const { draft, outcome, message, remedy } = await testConnection(ports, query, signal)
      return { outcome, message, remedy, enrolment: await present(draft, signal) }
    },
    async finishEnrolment({ params: { name }, body, signal, ...who }) {
      const organization = await finishEnrolment(ports, { actor: actorOf(who), name, ...body }, signal)
      return presentOrganization(organization, (await readView(ports, signal)).view)
    },
    async writePeopleRole({ params, body: { create, ...role }, signal, ...who }) {
      const actor = actorOf(who)
      await getDraft(ports, { actor, name: params.name }, signal)
      const warnings = create ? await createPeopleRole(ports, { ...role, actor }, signal) : []
      return { yaml: yamlOfPeopleRole(role), created: create, warnings: warnings.map(({ message }) => message) }
    },
  }
}
