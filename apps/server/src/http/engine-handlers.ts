import type { GatehouseContract } from '@gatehouse/api'
import {
  enrol,
  linkPrincipal,
  type OrganizationEngine,
  readView,
  viewOfOrganization,
  releaseWaiting,
  startWriting,
} from '@gatehouse/application'
import { formatInstant } from '@gatehouse/domain'
import { actorOf } from './actor-of.ts'
import { awaitEngine } from './await-engine.ts'
import type { HandlerPorts } from './create-handlers.ts'
import type { ServerHandlers } from './mount.ts'
import { accountFilterOf, groupFilterOf, userFilterOf } from './filters.ts'
import { getNamed, OIDC_AUDIENCE, presentOrganization } from './organization-handlers.ts'
import { rangeOf } from './paging.ts'
import { createPlanPages, onAccounts, readPlan } from './plan-pages.ts'
import { presentMetrics } from './present-metrics.ts'
import { presentStatus } from './present-status.ts'

type Names =
  | 'installOrganization'
  | 'getPlan'
  | 'startOrganization'
  | 'getOrganizationStatus'
  | 'getOrganizationMetrics'
  | 'release'
  | 'createLink'
type Installation = GatehouseContract['installOrganization']['body']['_zod']['output']

/** Enrolment, and what the engine does and holds back. */
export function engineHandlers(ports: HandlerPorts): Pick<ServerHandlers, Names> {
  const pages = createPlanPages()
  /** @throws Unavailable while another process leads */
  const engineOf = async (name: string, signal: AbortSignal): Promise<OrganizationEngine> => {
    const { organizations } = await ports.records.read(signal)
    return awaitEngine(ports.engine, getNamed(organizations, name).id, { signal })
  }

  const planToRead = async (
    name: string,
    engine: OrganizationEngine,
    {
      refresh,
      account,
      signal,
    }: { readonly refresh: boolean; readonly account?: string; readonly signal: AbortSignal },
  ) => {
    const made = await planFrom(engine, { refresh }, signal)
    const { lastAt } = engine.status().sweep
    const head = {
      organization: name,
      mode: made.view.organization.mode,
      madeAt: formatInstant(made.input.now),
      ...(lastAt === undefined ? {} : { sweptAt: formatInstant(lastAt) }),
    }
    if (account === undefined) return readPlan(made, { ...head, hash: ports.shownPlans.show(made) })
    // Whoever has seen a part has not seen what a start would do, so its hash is one of its own.
    const part = onAccounts(readPlan(made, { ...head, hash: '' }), account)
    return { ...part, head: { ...head, hash: ports.shownPlans.hashOf(part, made.view.organization) } }
  }

  return {
    async installOrganization({ body, signal, ...who }) {
      const { accountFilter, groupFilter, userFilter, credentials, startUrl, portalUrl, serviceProvider, ...rest } =
        body
      const organization = await enrol(
        ports,
        {
          ...rest,
          actor: actorOf(who),
          credentials: credentialsOf(credentials),
          accountFilter: accountFilterOf(accountFilter),
          groupFilter: groupFilterOf(groupFilter),
          userFilter: userFilterOf(userFilter),
          ...(startUrl === undefined ? {} : { startUrl }),
          ...(portalUrl === undefined ? {} : { portalUrl }),
          ...(serviceProvider === undefined ? {} : { serviceProvider }),
        },
        signal,
      )
      return presentOrganization(organization, (await readView(ports, signal)).view)
    },
    async getPlan({ params: { name }, query: { refresh, account, limit, cursor }, signal }) {
      const part = account === undefined ? {} : { account }
      const engine = await engineOf(name, signal)
      if (cursor === undefined) return pages.page(await planToRead(name, engine, { refresh, ...part, signal }), limit)
      return pages.nextPage({ organization: name, limit, cursor }, () =>
        planToRead(name, engine, { refresh: false, ...part, signal }),
      )
    },
    async startOrganization({ params: { name }, body: { planHash }, signal, ...who }) {
      const engine = await engineOf(name, signal)
      const plan = await planFrom(engine, { refresh: false }, signal)
      const organization = await startWriting(
        ports,
        { actor: actorOf(who), organization: name, planHash, plan, shown: ports.shownPlans },
        signal,
      )
      return presentOrganization(organization, (await readView(ports, signal)).view)
    },
    async getOrganizationStatus({ params: { name }, query, signal }) {
      const engine = await engineOf(name, signal)
      const reading = await readView(ports, signal)
      const view = viewOfOrganization(reading, { name })
      const { id } = view.organization
      const scimTokenGivenAt = await ports.secrets.scimTokenGivenAt(id, signal)
      // What the last round planned may be older than the last decision.
      const planned = engine.status().adopted ? (await engine.plan({ refresh: false }, signal)).allowed.length : 0
      const status = {
        ...engine.status(),
        planned,
        now: reading.now,
        ...(scimTokenGivenAt === undefined ? {} : { scimTokenGivenAt }),
      }
      return presentStatus(name, status, { view, range: rangeOf(query) })
    },
    async getOrganizationMetrics({ params: { name }, signal }) {
      const engine = await engineOf(name, signal)
      return presentMetrics(name, engine.metrics())
    },
    async release({ params: { name }, body, signal, ...who }) {
      const engine = await engineOf(name, signal)
      const command = { organization: name, actor: actorOf(who), ...body }
      return { released: await releaseWaiting(ports, engine, command, signal) }
    },
    async createLink({ params: { name }, body, signal, ...who }) {
      const engine = await engineOf(name, signal)
      const { organizations } = await ports.records.read(signal)
      return linkPrincipal(
        ports,
        engine,
        { actor: actorOf(who), organization: getNamed(organizations, name), ...body },
        signal,
      )
    },
  }
}

/** Before AWS has been read and adopted for the first time a plan would be about nothing, so it waits for that. */
function planFrom(
  engine: OrganizationEngine,
  { refresh }: { readonly refresh: boolean },
  signal: AbortSignal,
): ReturnType<OrganizationEngine['plan']> {
  const { sweep, adopted } = engine.status()
  const isFirst = sweep.lastAt === undefined || (sweep.running && !adopted)
  return engine.plan({ refresh: refresh || isFirst }, signal)
}

const credentialsOf = (credentials: Installation['credentials']) =>
  credentials.source === 'oidc'
    ? { ...credentials, audience: OIDC_AUDIENCE }
    : {
        source: credentials.source,
        roleArn: credentials.roleArn,
        ...(credentials.externalId === undefined ? {} : { externalId: credentials.externalId }),
      }
