import type { GatehouseContract } from '@gatehouse/api'
import {
  type OrganizationEngine,
  previewRemoval,
  readView,
  viewOfOrganization,
  removeOrganization,
  rotateScimToken,
  stopRemoval,
  trySettings,
} from '@gatehouse/application'
import {
  demandReadable,
  effectsOfSettings,
  formatInstant,
  judgeBy,
  type Judgement,
  type Organization,
  readableOf,
} from '@gatehouse/domain'
import type { Config } from '../config.ts'
import { actorOf } from './actor-of.ts'
import { awaitEngine } from './await-engine.ts'
import type { SignedInContext } from './context.ts'
import type { HandlerPorts } from './create-handlers.ts'
import type { ServerHandlers } from './mount.ts'
import { settingsOf } from './filters.ts'
import { getNamed, presentOrganization } from './organization-handlers.ts'
import { rangeOf, sliceOf } from './paging.ts'
import { createPlanPages, readPlan } from './plan-pages.ts'
import { presentAccount } from './present-account.ts'
import { presentRemoval } from './present-removal.ts'

type Names =
  | 'listOrganizationAccounts'
  | 'previewSettings'
  | 'rotateScimToken'
  | 'previewRemoval'
  | 'removeOrganization'
  | 'stopRemoval'
type Said = GatehouseContract['removeOrganization']['body']['_zod']['output']

/** The life of an organization after it was enrolled. */
export function organizationLifeHandlers(ports: HandlerPorts, { publicAddress }: Config): Pick<ServerHandlers, Names> {
  const pages = createPlanPages()
  const removalOf = async (name: string, said: Said, who: SignedInContext) => {
    const { organizations } = await ports.records.read(who.signal)
    const { confirmRemovals, ...rest } = said
    const confirmed = confirmRemovals === undefined ? {} : { confirmRemovals }
    return { actor: actorOf(who), organization: getNamed(organizations, name).id, ...rest, ...confirmed }
  }

  return {
    async previewSettings({ params: { name }, query: { limit, cursor }, body, signal, ...who }) {
      const reading = await readView(ports, signal)
      const { organization: own, users, groupLinks } = viewOfOrganization(reading, { name })
      const organization = own.id
      const { before, after } = trySettings(reading, { actor: actorOf(who), organization, ...settingsOf(body) })
      const engine = await awaitEngine(ports.engine, before.id, { signal })
      const accounts = engine.accounts()
      demandReadable(after.accountFilter, readableOf(accounts.inside), before.accountFilter)
      const read = async () => {
        const made = await engine.planWith(() => after, signal)
        const { lastAt } = engine.status().sweep
        return readPlan(made, {
          organization: name,
          mode: after.mode,
          hash: ports.shownPlans.hashOf(made, after),
          madeAt: formatInstant(made.input.now),
          ...(lastAt === undefined ? {} : { sweptAt: formatInstant(lastAt) }),
        })
      }
      const linked = new Set(groupLinks.map(({ awsGroup }) => awsGroup))
      const groups = [...engine.observed().groups.values()].map(({ id, displayName }) => ({
        id,
        name: displayName,
        isLinked: linked.has(id),
      }))
      return {
        effects: [...effectsOfSettings(before, after, { accounts, groups, users })],
        plan:
          cursor === undefined
            ? pages.page(await read(), limit)
            : await pages.nextPage({ organization: name, limit, cursor }, read),
      }
    },
    async listOrganizationAccounts({ params: { name }, query, signal }) {
      const organization = getNamed((await ports.records.read(signal)).organizations, name)
      const engine = await awaitEngine(ports.engine, organization.id, { signal })
      const { search, inside } = query
      const rows = accountRowsOf(engine.accounts(), organization.accountFilter)
      const wanted = search?.trim().toLowerCase() ?? ''
      const found = rows.filter(
        ({ account, isInside }) =>
          (inside === undefined || isInside === inside) &&
          [account.name, account.id].some((text) => text.toLowerCase().includes(wanted)),
      )
      const readable = readableOf(rows.map(({ account }) => account))
      return {
        total: rows.length,
        found: found.length,
        inside: rows.filter(({ isInside }) => isInside).length,
        unitsReadable: readable.unitNames,
        tagsReadable: readable.tags,
        ...sliceOf(found, query, ({ account, ...standing }) => presentAccount(account, standing)),
      }
    },
    async previewRemoval({ params: { name }, query, body, ...who }) {
      const report = await previewRemoval(ports, await removalOf(name, body, who), who.signal)
      return presentRemoval(report, rangeOf(query), publicAddress)
    },
    async removeOrganization({ params: { name }, query, body, ...who }) {
      const report = await removeOrganization(ports, await removalOf(name, body, who), who.signal)
      return presentRemoval(report, rangeOf(query), publicAddress)
    },
    async stopRemoval({ params: { name }, ...who }) {
      const { organizations } = await ports.records.read(who.signal)
      const command = { actor: actorOf(who), organization: getNamed(organizations, name).id }
      const stopped = await stopRemoval(ports, command, who.signal)
      return presentOrganization(stopped, (await readView(ports, who.signal)).view)
    },
    async rotateScimToken({ params: { name }, body: { scimToken, validate }, signal, ...who }) {
      const { organizations } = await ports.records.read(signal)
      const organization = getNamed(organizations, name).id
      const command = { actor: actorOf(who), organization, scimToken, untested: !validate }
      const rotated = await rotateScimToken(ports, command, signal)
      return presentOrganization(rotated, (await readView(ports, signal)).view)
    },
  }
}

/** Those that are managed, in the order of names, and then the others. */
function accountRowsOf(
  { inside, outside }: ReturnType<OrganizationEngine['accounts']>,
  filter: Organization['accountFilter'],
) {
  const judge = judgeBy(filter)
  const isManaged = new Set(inside.map(({ id }) => id))
  const rows = [
    ...inside.map((account) => ({ account, isInside: true, reason: sayWhy(judge(account), 'no', 'leaves') })),
    ...outside
      .filter(({ id }) => !isManaged.has(id))
      .map((account) => ({ account, isInside: false, reason: sayWhy(judge(account), 'yes', 'comes in') })),
  ]
  const keyOf = ({ isInside, account: { name } }: (typeof rows)[number]): string =>
    `${isInside ? 0 : 1}${name.toLowerCase()}`
  return rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

/** By the filter as it is now, which the last look at AWS may not have known. */
function sayWhy({ answer, reason }: Judgement, other: 'yes' | 'no', moves: string): string {
  if (answer !== other) return reason
  return `${moves} at the next look at AWS${reason === '' ? '' : `: ${reason}`}`
}
