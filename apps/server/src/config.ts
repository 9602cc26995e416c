import { isIP } from 'node:net'
import { isBadPort } from '@gatehouse/api'
import { DomainError, type Duration, hours, parseDuration } from '@gatehouse/domain'
import { z } from 'zod'
import { Secret } from './process/secret.ts'

// Every setting arrives as text from a flag or a variable, or typed from the file; a message completes "it must be …".

const wholeNumber = (min: number, max: number) =>
  z
    .union(
      [
        z.number(),
        z
          .string()
          .regex(/^\d{1,9}$/)
          .transform(Number),
      ],
      { error: 'a whole number' },
    )
    .pipe(z.number().int().min(min).max(max))
const flag = z
  .union([z.boolean(), z.enum(['true', 'false', '1', '0'])], { error: 'true or false' })
  .transform((value) => value === true || value === 'true' || value === '1')
const text = z.string().trim().min(1)
const duration = text.transform((value, context): Duration => {
  try {
    return parseDuration(value)
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    context.addIssue({ code: 'custom', message: 'a duration such as 90m, 8h or 4d' })
    return z.NEVER
  }
})
const list = z.union([z.array(text), z.string().transform((value) => value.split(',').map((item) => item.trim()))], {
  error: 'a list, in a variable divided by commas',
})
const origin = text.transform((value, context): string => {
  const url = URL.canParse(value) ? new URL(value) : undefined
  const isOrigin = url && (url.protocol === 'https:' || url.protocol === 'http:') && url.pathname === '/'
  if (url && isOrigin && !url.search && !url.hash && !url.username) return url.origin
  context.addIssue({ code: 'custom', message: 'an address without a path, such as https://gatehouse.example.com' })
  return z.NEVER
})

/** A secret, because it may hold a password: not to be seen in a flag, nor in a print-out. */
const databaseUrl = text
  .refine(isDatabaseUrl, 'an address such as postgres://gatehouse@db.example.com/gatehouse')
  .transform((value) => new Secret(value))
  .meta({ secret: true })
const oneLine = /^[^\p{Cc}\p{Zl}\p{Zp}]+$/u

/** Every setting of the server: the file's keys, the variables and the flags all follow from here. */
export const settingsSchema = z.strictObject({
  publicAddress: origin.optional().meta({
    description:
      'The address people and AWS use, also the OIDC issuer. Must be https, except on loopback in development, where it defaults to http://localhost and the port.',
    example: 'https://gatehouse.example.com',
  }),
  listen: z
    .strictObject({
      host: text.default('127.0.0.1').meta({ description: 'The address to listen on; 0.0.0.0 means all.' }),
      port: wholeNumber(0, 65_535).default(3080).meta({
        description: 'The port to listen on. The variable PORT sets it too.',
      }),
    })
    .prefault({}),
  trustedProxies: list.default([]).meta({
    description: 'Addresses or networks of the proxies in front, whose X-Forwarded-For is believed.',
    example: '10.0.0.0/8',
  }),
  dataDir: text.default('./data').meta({ description: 'The folder of the embedded database.' }),
  databaseUrl: databaseUrl.optional().meta({
    secret: true,
    description:
      'A PostgreSQL server (15 or newer) instead of the embedded database. The variable DATABASE_URL sets it too.',
    example: 'postgres://gatehouse@db.example.com/gatehouse',
  }),
  secretKeyFile: text.default('./gatehouse.key').meta({
    description: 'The key that encrypts secrets in the database; made by `gatehouse keys init`, mode 0600.',
  }),
  // It stands in the path of resource ids, and on a line of AWS config files.
  clusterName: text
    .max(128)
    .refine((value) => /^[^\p{Cc}\p{Zl}\p{Zp}/]+$/u.test(value), 'one line without a slash')
    .optional()
    .meta({
      description:
        'The name of this Gatehouse in resource ids and AWS config files. Default: the host of the public address.',
    }),
  samlIdp: flag.default(true).meta({
    description: 'Whether people may sign in to AWS and other applications here, by SAML.',
  }),
  privateScim: flag.default(false).meta({
    description:
      'Whether whoever enrols an organization may have its SCIM token sent into a private network, to a proxy of your own.',
  }),
  development: flag.default(false).meta({
    description: 'Allows http on loopback and a moved clock. Never for access that matters.',
  }),
  clockOffsetFile: text.optional().meta({
    description:
      'A file with a duration such as 90m that is added to the clock; read every 100 ms. Only on loopback in development.',
  }),
  log: z
    .strictObject({
      level: z
        .enum(['debug', 'info', 'warn', 'error'])
        .default('info')
        .meta({ description: 'What is logged at least. The variable LOG_LEVEL sets it too.' }),
      format: z
        .enum(['auto', 'json', 'text'])
        .default('auto')
        .meta({ description: '`auto` is text on a terminal, else one JSON object per line.' }),
    })
    .prefault({}),
  sessions: z
    .strictObject({
      lifetime: duration.default(hours(12)).meta({
        description: 'After this time everybody signs in again.',
        shown: '12h',
      }),
      idleTimeout: duration.default(hours(2)).meta({
        description: 'A session that nobody used for so long has ended.',
        shown: '2h',
      }),
    })
    .prefault({}),
  bootstrapAdmin: text.max(254).optional().meta({
    description:
      'At the first start, with no users yet, makes this user an administrator and prints a one-time link on stderr.',
    example: 'ana@example.com',
  }),
  securityContact: text
    .refine((value) => oneLine.test(value), 'one line')
    .optional()
    .meta({
      description: 'For /.well-known/security.txt. Default: security@ and the host of the public address (RFC 2142).',
      example: 'mailto:security@example.com',
    }),
})

export const configSchema = settingsSchema
  .superRefine((config, context) => {
    for (const { path, message } of checkTogether(config))
      context.addIssue({ code: 'custom', path: [...path], message })
  })
  .transform((config) => {
    const publicAddress = config.publicAddress ?? `http://localhost:${config.listen.port}`
    const { hostname } = new URL(publicAddress)
    return {
      ...config,
      publicAddress,
      clusterName: config.clusterName ?? hostname,
      securityContact: config.securityContact ?? `mailto:security@${hostname}`,
    }
  })

export type Config = z.output<typeof configSchema>

type Together = Partial<
  Pick<
    z.output<typeof settingsSchema>,
    'publicAddress' | 'listen' | 'development' | 'clockOffsetFile' | 'trustedProxies'
  >
>

/** What is wrong with settings in view of one another; also asked of those that can be read when others can't. */
export function checkTogether(
  config: Together,
): readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] {
  const { publicAddress, listen, development = false, clockOffsetFile, trustedProxies = [] } = config
  const url = publicAddress === undefined ? undefined : new URL(publicAddress)
  const wrongs: { path: PropertyKey[]; message: string }[] = []
  if (!url && !development)
    wrongs.push({ path: ['publicAddress'], message: 'set: the https address people and AWS use' })
  if (url?.protocol === 'http:' && !(development && isLoopback(url.hostname))) {
    const message = 'https; http is for loopback in development only, because passwords and tokens pass'
    wrongs.push({ path: ['publicAddress'], message })
  }
  // In development the public address may be the port's.
  const port = url ? Number(url.port) : development ? listen?.port : undefined
  if (port !== undefined && isBadPort(port)) {
    const where = url ? 'on a port that browsers open, such as 443' : 'a port that browsers open, such as 3080'
    const message = `${where}; they refuse ${port} (Fetch Standard, "Port blocking")`
    wrongs.push({ path: url ? ['publicAddress'] : ['listen', 'port'], message })
  }
  if (clockOffsetFile !== undefined && !(development && (!url || isLoopback(url.hostname))))
    wrongs.push({ path: ['clockOffsetFile'], message: 'left out: a moved clock is for loopback in development only' })
  for (const [index, proxy] of trustedProxies.entries())
    if (!isNetwork(proxy))
      wrongs.push({ path: ['trustedProxies', index], message: 'an address or network such as 10.0.0.0/8' })
  return wrongs
}

/** `10.0.0.1`, `10.0.0.0/8`, `fd00::/8` */
function isNetwork(text: string): boolean {
  const [address = '', prefix = '0', ...more] = text.split('/')
  const bits = isIP(address) === 4 ? 32 : 128
  return isIP(address) !== 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits && more.length === 0
}

/** As `pg` reads it, also with a socket's folder instead of a host: `postgres://user@/database?host=/run/postgresql`. */
function isDatabaseUrl(text: string): boolean {
  const url = URL.parse(text.replace('@/', '@localhost/'))
  return url?.protocol === 'postgres:' || url?.protocol === 'postgresql:'
}

export const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' ||
  hostname.endsWith('.localhost') ||
  hostname === '[::1]' ||
  /^127(\.\d+){3}$/.test(hostname)
