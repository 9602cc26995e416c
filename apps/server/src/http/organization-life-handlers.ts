import type { GatehouseContract } from '@gatehouse/api'
import { previewRemoval, readView, removeOrganization, rotateScimToken, trySettings } from '@gatehouse/application'
import { effectsOfSettings, formatInstant } from '@gatehouse/domain'
import type { Config } from '../config.ts'
import { actorOf } from './actor-of.ts'
import { awaitEngine } from './await-engine.ts'
import type { SignedInContext } from './context.ts'
import type { HandlerPorts } from './create-handlers.ts'
import type { ServerHandlers } from './mount.ts'
import { settingsOf } from './name-filter.ts'
import { getNamed, presentOrganization } from './organization-handlers.ts'
import { rangeOf } from './paging.ts'
import { createPlanPages, readPlan } from './plan-pages.ts'
import { presentRemoval } from './present-removal.ts'

type Names = 'previewSettings' | 'rotateScimToken' | 'previewRemoval' | 'removeOrganization'
type Said = GatehouseContract['removeOrganization']['body']['_zod']['output']

/** The life of an organization after it was enrolled. */
export function organizationLifeHandlers(ports: HandlerPorts, { publicAddress }: Config): Pick<ServerHandlers, Names> {
  const pages = createPlanPages()
  const removalOf = async (name: string, said: Said, who: SignedInContext) => {
    const { organizations } = await ports.records.read(who.signal)
    return { actor: actorOf(who), organization: getNamed(organizations, name).id, ...said }
  }

  return {
    async previewSettings({ params: { name }, query: { limit, cursor }, body, signal, ...who }) {
      const reading = await readView(ports, signal)
      const { records, view } = reading
      const organization = getNamed(records.organizations, name).id
      const { before, after } = trySettings(reading, { actor: actorOf(who), organization, ...settingsOf(body) })
      const engine = await awaitEngine(ports.engine, before.id, { signal })
      const read = async () => {
        const made = await engine.planWith(() => after, signal)
        const { lastAt } = engine.status().sweep
        return readPlan(made, {
          organization: name,
          mode: after.mode,
          hash: ports.shownPlans.hashOf(made),
          madeAt: formatInstant(made.input.now),
          ...(lastAt === undefined ? {} : { sweptAt: formatInstant(lastAt) }),
        })
      }
      const linked = new Set(records.groupLinks.map(({ awsGroup }) => awsGroup))
      const groups = [...engine.observed().groups.values()].map(({ id, displayName }) => ({
        id,
        name: displayName,
        isLinked: linked.has(id),
      }))
      const accounts = [...view.catalogue.accounts.values()]
      return {
        effects: [...effectsOfSettings(before, after, { accounts, groups, users: view.users })],
        plan:
          cursor === undefined
            ? pages.page(await read(), limit)
            : await pages.nextPage({ organization: name, limit, cursor }, read),
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
    async rotateScimToken({ params: { name }, body: { scimToken, validate }, signal, ...who }) {
      const { organizations } = await ports.records.read(signal)
      const organization = getNamed(organizations, name).id
      const command = { actor: actorOf(who), organization, scimToken, untested: !validate }
      const rotated = await rotateScimToken(ports, command, signal)
      return presentOrganization(rotated, (await readView(ports, signal)).view)
    },
  }
}
