import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { AwsSide } from '../http/answer-aws-call.ts'
import { AwsError } from '../http/aws-error.ts'
import { parseIdentityProvider } from '../saml/identity-provider-metadata.ts'
import { SamlRefusal } from '../saml/saml-refusal.ts'
import { describeServiceProvider } from '../saml/service-provider.ts'
import { parseCertificate } from '../saml/signing-certificate.ts'
import { switchIdentitySource } from '../sign-in/switch-identity-source.ts'
import type { IdentityProvider, SigningCertificate } from '../world/sign-in-records.ts'
import type { World } from '../world/world.ts'

const binding = z.enum(['redirect', 'post'])
/** IAM Identity Center User Guide, "External identity providers": characters of a certificate. */
const certificate = z.string().min(1).max(2_500)
const switchSchema = z.strictObject({
  kind: z.enum(['directory', 'external', 'active-directory']),
  /** AWS's console has the administrator type this. */
  accept: z.literal('ACCEPT'),
})
const providerSchema = z.union([
  z.string().transform((metadata) => ({ metadata, binding: undefined })),
  z.strictObject({ metadata: z.string(), binding: binding.optional() }),
  z.strictObject({
    issuer: z.string().min(1),
    signInUrl: z.url({ protocol: /^https?$/ }),
    certificate,
    binding: binding.default('redirect'),
  }),
])
const METADATA_TYPES = ['application/xml', 'text/xml', 'application/samlmetadata+xml']

/** What AWS has in its console only: the identity source, the identity provider's metadata and certificates. */
export function addIdentitySourceRoutes(app: FastifyInstance, { world, signInLog }: AwsSide) {
  app.addContentTypeParser(METADATA_TYPES, { parseAs: 'string' }, (_request, body, done) => done(null, body))

  app.get('/identity-source', async () => present(world))
  app.put('/identity-source', async (request) => {
    switchIdentitySource(world, switchSchema.parse(request.body).kind)
    await world.commit()
    return present(world)
  })
  app.put('/identity-provider', async (request) => {
    setProvider(world, readProvider(providerSchema.parse(request.body)))
    await world.commit()
    return present(world)
  })
  app.post('/identity-provider/certificates', async (request) => {
    const added = readCertificate(z.strictObject({ certificate }).parse(request.body).certificate)
    const provider = getProvider(world)
    const others = provider.certificates.filter(({ id }) => id !== added.id)
    setProvider(world, { ...provider, certificates: [...others, added] })
    await world.commit()
    return present(world)
  })
  app.delete('/identity-provider/certificates/:id', async (request) => {
    const { id } = z.object({ id: z.string() }).parse(request.params)
    const provider = getProvider(world)
    const certificates = provider.certificates.filter((known) => known.id !== id)
    if (certificates.length === provider.certificates.length) throw absent('certificate with this id')
    if (certificates.length === 0) throw new AwsError('LastCertificate', 'At least one certificate must remain.')
    setProvider(world, { ...provider, certificates })
    await world.commit()
    return present(world)
  })
  app.get('/sign-ins', async (request) => {
    const { last } = z.object({ last: z.coerce.number().int().positive().default(100) }).parse(request.query)
    return signInLog.last(last)
  })
}

function readProvider(given: z.infer<typeof providerSchema>): IdentityProvider {
  if ('metadata' in given) return parseIdentityProvider(given.metadata, given.binding)
  const { issuer: entityId, signInUrl } = given
  return { entityId, signInUrl, binding: given.binding, certificates: [readCertificate(given.certificate)] }
}

function readCertificate(text: string): SigningCertificate {
  try {
    return parseCertificate(text)
  } catch (error) {
    if (error instanceof SamlRefusal) throw new AwsError('InvalidCertificate', error.message)
    throw error
  }
}

function getProvider(world: World): IdentityProvider {
  const { provider } = world.home().identitySource
  if (provider === undefined) throw absent('identity provider yet')
  return provider
}

function setProvider(world: World, provider: IdentityProvider) {
  const home = world.home()
  if (home.identitySource.kind !== 'external') {
    throw new AwsError('WrongIdentitySource', 'Only an external identity source has an identity provider.', {
      status: 409,
    })
  }
  world.setHome({ ...home, identitySource: { ...home.identitySource, provider } })
}

function present(world: World): object {
  const { kind, provider } = world.home().identitySource
  const now = world.clock.now()
  const certificates = provider?.certificates.map((known) => ({
    id: known.id,
    notBefore: new Date(known.notBefore),
    notAfter: new Date(known.notAfter),
    state: certificateState(known, now),
  }))
  return {
    kind,
    serviceProvider: describeServiceProvider(world),
    ...(provider === undefined ? {} : { identityProvider: { ...provider, certificates } }),
  }
}

/** What AWS's console shows as a yellow and a red sign. */
function certificateState({ notBefore, notAfter }: SigningCertificate, now: number): string {
  if (notAfter <= now) return 'expired'
  if (notBefore > now) return 'not-yet-valid'
  return notAfter - now <= 90 * 86_400_000 ? 'expires-soon' : 'valid'
}

function absent(what: string): AwsError {
  return new AwsError('NotFound', `There is no ${what}.`, { status: 404 })
}
