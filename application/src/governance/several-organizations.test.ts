import {
  createCatalogue,
  grantKey,
  instantFromMillis,
  type Organization,
  parsePattern,
  type ServiceProvider,
} from '@gatehouse/domain'
import {
  anOrganization,
  aPermissionSet,
  aRole,
  aServiceProvider,
  aUser,
  GLOBEX,
  GLOBEX_CATALOGUE,
  LAB,
  LAB_READ_ONLY,
  NOW,
  on,
  PROD,
  READ_ONLY,
} from '@gatehouse/domain/testing'
import { expect, it } from 'vitest'
import { previewRemoval } from '../adopt/remove-organization.ts'
import { fileAccessRequest } from '../access-requests/file-access-request.ts'
import { getAccessRequest } from '../access-requests/list-access-requests.ts'
import { createPermissionSetReader } from '../access-requests/permission-set-reader.ts'
import { reviewAccessRequest } from '../access-requests/review-access-request.ts'
import { getDocument, listAllRoles, listDocuments } from '../documents/read-documents.ts'
import { explainAccess, listWhoCan } from '../explain/explain-access.ts'
import { listApplications } from '../resources/list-applications.ts'
import { listResources } from '../resources/list-resources.ts'
import { searchResources } from '../resources/search-resources.ts'
import { samlAddresses } from '../saml/saml-ports.ts'
import { startSamlSignIn } from '../saml/start-sign-in.ts'
import { connectInMemory } from '../testing/in-memory-identity-center.ts'
import { startGovernance } from '../testing/governance-scene.ts'
import { signingPorts } from '../testing/signing-ports.ts'

const onLab = on(LAB_READ_ONLY, LAB)
const ana = aUser('ana', { roles: [on(READ_ONLY, PROD), onLab, 'access', 'lab-only'] })
const bea = aUser('bea', { roles: ['requester'] })
const [bruno, eva] = [aUser('bruno', { roles: ['reviewer'] }), aUser('eva', { roles: ['editor'] })]
const labOnly = aRole('lab-only', { version: 'v8', deny: { appLabels: { part: [parsePattern('acme')] } } })

const start = () =>
  startGovernance({
    users: [ana, bea, bruno, eva],
    roles: [labOnly],
    others: [{ organization: GLOBEX, catalogue: GLOBEX_CATALOGUE }],
  })

const portalOf = (name: string, { identityStoreId }: Pick<Organization, 'identityStoreId'>, part: string) => {
  const provider = aServiceProvider(name, { preset: 'aws-identity-center' })
  const entityId = `https://eu-west-1.signin.aws.amazon.com/platform/saml/${identityStoreId}`
  const labels = { 'teleport.dev/origin': 'aws-identity-center', part }
  return { ...provider, labels, metadata: { ...provider.metadata, entityId } } satisfies ServiceProvider
}
const PORTALS = [portalOf('aws', { identityStoreId: 'd-0123456789' }, 'acme'), portalOf('globex', GLOBEX, 'lab')]

it('shows the accounts of all organizations, each as what it is of', async () => {
  const scene = await start()
  const { accounts } = await listResources(scene, { actor: scene.as('ana') }, scene.signal)
  expect(
    accounts.map(({ organization, account, permissionSets }) => [
      organization.name,
      account.name,
      permissionSets.map(({ permissionSet }) => permissionSet.arn),
    ]),
  ).toEqual([
    ['globex', 'lab', [LAB_READ_ONLY.arn]],
    ['aws-identity-center', 'prod', [READ_ONLY.arn]],
  ])
  const search = { labels: { 'teleport.dev/sso-region': GLOBEX.region } }
  const found = await searchResources(
    scene,
    { actor: scene.as('ana'), requestable: false, isFirst: true, search },
    scene.signal,
  )
  expect(found.accounts.map(({ account }) => account.name)).toEqual(['lab'])
})

it('offers each organization’s sign-in to who has something there, by its own service provider', async () => {
  const scene = await start()
  await scene.store.commit(
    { records: PORTALS.map((provider) => ({ put: 'service-provider', provider })) },
    scene.signal,
  )
  const offered = async (name: string) =>
    (await listApplications(scene, scene.as(name), scene.signal)).map((one) => [
      one.kind === 'identity-center' ? one.organization.name : one.provider.name,
      one.access,
      one.denial?.missing,
    ])
  expect(await offered('ana')).toEqual([
    ['aws-identity-center', 'granted', 'rule'],
    ['globex', 'granted', undefined],
  ])
  expect(await offered('bea')).toEqual([
    ['aws-identity-center', 'requestable', 'label'],
    ['globex', 'requestable', 'label'],
  ])
})

it('leads straight into an account of the organization whose portal it is, and of no other', async () => {
  const scene = await start()
  await scene.store.commit(
    { records: PORTALS.map((provider) => ({ put: 'service-provider', provider })) },
    scene.signal,
  )
  const ports = signingPorts(scene)
  const session = {
    tokenHash: 'hash',
    user: ana.id,
    kind: 'web',
    createdAt: NOW,
    lastSeenAt: NOW,
    expiresAt: instantFromMillis(NOW + 1000),
    assumed: [],
  } as const
  const signIn = (account: string) =>
    startSamlSignIn(
      ports,
      { name: 'globex', somebody: { session, user: ana }, deepLink: { account, permissionSet: READ_ONLY.name } },
      samlAddresses('https://gatehouse.example'),
      scene.signal,
    )
  expect(await signIn(LAB.id)).toMatchObject({
    relayState: `${GLOBEX.startUrl}/#/console?account_id=${LAB.id}&role_name=${READ_ONLY.name}`,
  })
  await expect(signIn(PROD.id)).rejects.toThrow('there is no account and permission set')
})

it('gives what is asked for in several at once, and reads each permission set in its own AWS', async () => {
  const scene = await start()
  const read: string[] = []
  const { identityCenter } = connectInMemory(scene.aws)
  const permissionSets = createPermissionSetReader(({ name }) => ({
    identityCenter: {
      ...identityCenter,
      readPermissionSet: (arn, call) => {
        read.push(`${name} ${arn}`)
        return identityCenter.readPermissionSet(arn, call)
      },
    },
  }))
  const ports = { ...scene, permissionSets }
  const resourceIds = [PROD, LAB].map(({ id }) => `/acme/aws_ic_account_assignment/${id}--readonlyaccess`)
  const wish = { roles: [], resourceIds, reason: 'INC-7', suggestedReviewers: [] }
  const { request } = await fileAccessRequest(ports, { actor: scene.as('bea'), wish }, scene.signal)
  const asBruno = { actor: scene.as('bruno'), request: request.id }
  const { shown } = await getAccessRequest(ports, asBruno, scene.signal)
  const hash = shown && 'hash' in shown ? shown.hash : ''
  await reviewAccessRequest(ports, { ...asBruno, verdict: 'approve', reason: 'ok', shown: hash }, scene.signal)
  expect([...new Set(read)].toSorted()).toEqual([`aws-identity-center ${READ_ONLY.arn}`, `globex ${LAB_READ_ONLY.arn}`])
  const { accounts } = await listResources(scene, { actor: scene.as('bea') }, scene.signal)
  const given = accounts.flatMap(({ account, permissionSets: sets }) =>
    sets.flatMap(({ pending, permissionSet }) => (pending ? [`${account.name} ${permissionSet.arn}`] : [])),
  )
  expect(given).toEqual([`lab ${LAB_READ_ONLY.arn}`, `prod ${READ_ONLY.arn}`])
})

it('explains access to an account by the name of a permission set that another organization has, too', async () => {
  const scene = await start()
  const place = { account: 'lab', permissionSet: READ_ONLY.name }
  const { result } = await explainAccess(scene, { actor: scene.as('ana'), user: ana.name, place }, scene.signal)
  expect(result.paths.map(({ grant }) => grant)).toEqual([
    grantKey({ account: LAB.id, permissionSet: LAB_READ_ONLY.arn }),
  ])
  const who = await listWhoCan(scene, { actor: scene.as('eva'), place }, scene.signal)
  expect(who.result.map(({ user }) => user.name)).toEqual([ana.name])
})

it('names an organization to nobody who has not heard of it', async () => {
  const scene = await startGovernance({
    users: [aUser('carl', { roles: [on(READ_ONLY, PROD)] }), ana, eva],
    roles: [labOnly],
    others: [{ organization: { ...GLOBEX, userFilter: [{ team: 'lab' }] }, catalogue: GLOBEX_CATALOGUE }],
  })
  const reasons = async (user: string, as: string) =>
    (
      await explainAccess(scene, { actor: scene.as(as), user: `${user}@acme.example` }, scene.signal)
    ).result.withheld.map(({ reason }) => reason)
  expect(await reasons('carl', 'carl')).toEqual([])
  expect(await reasons('carl', 'eva')).toEqual(['In globex: The user is outside the user filter.'])
})

it('has the documents of all of them, and asks which of two permission sets of one name is meant', async () => {
  const scene = await start()
  const query = { actor: scene.as('eva'), clusterName: 'acme' }
  const namesOf = async (kind: 'plugin' | 'aws_ic_account' | 'aws_ic_permission_set') =>
    (await listDocuments(scene, { ...query, kind }, scene.signal)).map(({ metadata }) => metadata.name)
  expect(await namesOf('plugin')).toEqual(['aws-identity-center', 'globex'])
  expect(await namesOf('aws_ic_account')).toContain(LAB.id)
  expect((await namesOf('aws_ic_permission_set')).filter((name) => name === READ_ONLY.name)).toHaveLength(2)
  const get = (name: string) => getDocument(scene, { ...query, kind: 'aws_ic_permission_set', name }, scene.signal)
  await expect(get(READ_ONLY.name)).rejects.toThrow('More than one')
  expect(await get(LAB_READ_ONLY.arn)).toMatchObject({ metadata: { name: LAB_READ_ONLY.name } })
  expect(await get('Operator')).toMatchObject({ metadata: { name: 'Operator' } })
  const roles = { ...query, search: '-on-', withSystem: true, from: 0, limit: 100 }
  const { documents } = await listAllRoles(scene, roles, scene.signal)
  expect(documents.map(({ metadata }) => metadata.name)).toContain(onLab)
})

it('asks which is meant of what is called alike but for letter case, and takes what is spelled so', async () => {
  const alike = aPermissionSet('readonlyaccess', { arn: LAB_READ_ONLY.arn })
  const others = [{ organization: GLOBEX, catalogue: createCatalogue([LAB], [alike]) }]
  const scene = await startGovernance({ users: [eva], others })
  const get = (name: string) =>
    getDocument(
      scene,
      { actor: scene.as('eva'), clusterName: 'acme', kind: 'aws_ic_permission_set', name },
      scene.signal,
    )
  await expect(get('READONLYACCESS')).rejects.toMatchObject({
    problem: { code: 'conflict', remedy: `Give its ARN: ${READ_ONLY.arn}, ${LAB_READ_ONLY.arn}.` },
  })
  expect(await get('readonlyaccess')).toMatchObject({ spec: { arn: LAB_READ_ONLY.arn } })
  expect(await get('ReadOnlyAccess')).toMatchObject({ spec: { arn: READ_ONLY.arn } })
})

it('asks of which organization an account is meant that is in two while it moves', async () => {
  const arn = `arn:aws:organizations::900000000000:account/o-globex/${PROD.id}`
  const moved = createCatalogue([{ ...PROD, arn }], [LAB_READ_ONLY])
  const scene = await startGovernance({ users: [eva], others: [{ organization: GLOBEX, catalogue: moved }] })
  const query = { actor: scene.as('eva'), clusterName: 'acme', kind: 'aws_ic_account' } as const
  const get = (name: string) => getDocument(scene, { ...query, name }, scene.signal)
  await expect(get(PROD.id)).rejects.toMatchObject({
    problem: { code: 'conflict', remedy: `Give its ARN: ${PROD.arn}, ${arn}.` },
  })
  expect(await get(arn)).toMatchObject({ spec: { id: PROD.id, start_url: GLOBEX.startUrl } })
  expect(await get(PROD.arn)).toMatchObject({ spec: { id: PROD.id, start_url: anOrganization().startUrl } })
  const all = await listDocuments(scene, query, scene.signal)
  const shown = all.flatMap(({ metadata, spec }) => (metadata['name'] === PROD.id ? [spec['start_url']] : []))
  expect(new Set(shown)).toEqual(new Set([GLOBEX.startUrl, anOrganization().startUrl]))
  expect(shown).toHaveLength(2)
})

it('says before a removal only what goes with that one', async () => {
  const scene = await start()
  const command = {
    actor: scene.as('eva'),
    organization: GLOBEX.id,
    identitySourceChanged: true,
    strip: false,
    removeMade: false,
    release: [],
  }
  const { dangling, systemRoles } = await previewRemoval(scene, command, scene.signal)
  expect(dangling.map(({ name, references }) => [name, references])).toEqual([[ana.name, [onLab]]])
  expect(systemRoles).toBe(4)
})
