import { readView, rotateScimToken, withSettings } from '@gatehouse/application'
import { effectsOfSettings, formatInstant } from '@gatehouse/domain'
import { actorOf } from './actor-of.ts'
import { awaitEngine } from './await-engine.ts'
import type { HandlerPorts } from './create-handlers.ts'
import type { ServerHandlers } from './mount.ts'
import { settingsOf } from './name-filter.ts'
import { getNamed, presentOrganization } from './organization-handlers.ts'
import { createPlanPages, readPlan } from './plan-pages.ts'

type Names = 'previewSettings' | 'rotateScimToken'

/** The life of an organization after it was enrolled. */
export function organizationLifeHandlers(ports: HandlerPorts): Pick<ServerHandlers, Names> {
  const pages = createPlanPages()

  return {
    async previewSettings({ params: { name }, query: { limit, cursor }, body, signal }) {
      const { records, view } = await readView(ports, signal)
      const before = getNamed(records.organizations, name)
      const after = withSettings(before, settingsOf(body), view)
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
    async rotateScimToken({ params: { name }, body: { scimToken, validate }, signal, ...who }) {
      const { organizations } = await ports.records.read(signal)
      const organization = getNamed(organizations, name).id
      const command = { actor: actorOf(who), organization, scimToken, untested: !validate }
      const rotated = await rotateScimToken(ports, command, signal)
      return presentOrganization(rotated, (await readView(ports, signal)).view)
    },
  }
}
