import type { SamlCertificateView } from '@gatehouse/api'
import { argument, command, formatYamlDocuments, type Group, names, table, text, usageError } from '@gatehouse/cli-kit'
import { readSource } from '../documents/read-source.ts'

const show = command({
  name: 'show',
  summary: 'Show entity id, sign-in address and certificates.',
  async run({ client, signal }) {
    const provider = await client.getSamlIdentityProvider({}, signal)
    const lines = [
      `Entity id (issuer):  ${provider.entityId}`,
      `Sign-in URL:         ${provider.ssoUrl}`,
      '',
      table(['Fingerprint', 'Signs', 'Made', 'Ends'], provider.certificates.map(rowOf)),
    ]
    return { data: provider, text: lines.join('\n') }
  },
})

const metadata = command({
  name: 'metadata',
  summary: 'Print the metadata to give to a service provider.',
  async run({ client, signal }) {
    const provider = await client.getSamlIdentityProvider({}, signal)
    return { data: { metadata: provider.metadata }, text: provider.metadata.trimEnd() }
  },
})

const add = command({
  name: 'add',
  summary: 'Add or replace an application that people sign in to.',
  args: { name: argument('name', 'such as aws-identity-center') },
  options: {
    metadata: text('<file>', 'the metadata of the application, "-" for stdin'),
    entityId: text('<id>', 'instead of metadata, with --acs-url'),
    acsUrl: text('<url>', 'where the application wants its answers posted'),
    preset: text('<kind>', 'aws-identity-center or gcp-workforce'),
    label: names('<key=value,…>', 'labels that roles reach it by'),
  },
  fields: () => ({
    'spec.entity_descriptor': '--metadata',
    'spec.entity_id': '--entity-id',
    'spec.acs_url': '--acs-url',
    'spec.preset': '--preset',
    'metadata.labels': '--label',
  }),
  async run({ client, args: { name }, options, signal }) {
    const { metadata: file, entityId, acsUrl, preset, label } = options
    if ((file === undefined) === (entityId === undefined) || (entityId === undefined) !== (acsUrl === undefined))
      throw usageError('It is not said what the application is.', 'Give --metadata, or --entity-id and --acs-url.')
    const document = {
      kind: 'saml_idp_service_provider',
      version: 'v1',
      metadata: { name, labels: Object.fromEntries(label.map(parseLabel)) },
      spec: {
        ...(file === undefined ? { entity_id: entityId, acs_url: acsUrl } : { entity_descriptor: readSource(file) }),
        ...(preset === undefined ? {} : { preset }),
      },
    }
    const body = { text: formatYamlDocuments([document]), mode: 'replace' } as const
    const { results } = await client.applyDocuments({ body }, signal)
    return { data: document, text: `Service provider "${name}": ${results[0]?.outcome ?? 'unchanged'}.` }
  },
})

function parseLabel(pair: string): readonly [string, string] {
  const at = pair.indexOf('=')
  if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)]
  throw usageError(`--label: "${pair}" is not valid.`, 'Write key=value.')
}

const fingerprint = argument('fingerprint', 'or at least eight digits of its beginning')

const addCertificate = command({
  name: 'add',
  summary: 'Publish another certificate, which does not sign yet.',
  async run({ client, signal }) {
    const added = await client.addSamlCertificate({}, signal)
    const next = `Give the metadata to every service provider, then: tctl saml certificates activate ${added.fingerprint.slice(0, 12)}`
    return { data: added, text: added.pem.trimEnd(), talk: [next] }
  },
})
const activate = command({
  name: 'activate',
  summary: 'Sign with this certificate from now on.',
  args: { fingerprint },
  async run({ client, args: params, signal }) {
    await client.activateSamlCertificate({ params }, signal)
    return { data: params, text: 'It signs from now on.' }
  },
})
const remove = command({
  name: 'rm',
  summary: 'Publish a certificate no more, once no service provider needs it.',
  args: { fingerprint },
  async run({ client, args: params, signal }) {
    await client.deleteSamlCertificate({ params }, signal)
    return { data: params, text: 'It is published no more.' }
  },
})
const certificates: Group = {
  name: 'certificates',
  summary: 'Roll over the certificate that signs.',
  commands: [addCertificate, activate, remove],
}

/** Gatehouse as the identity provider of other applications. */
export const samlCommands: Group = {
  name: 'saml',
  summary: 'The SAML identity provider and the applications that use it.',
  commands: [show, metadata, add, certificates],
}

const rowOf = ({ fingerprint: digits, active, createdAt, expiresAt }: SamlCertificateView): string[] => [
  digits.slice(0, 16),
  active ? 'yes' : 'no',
  createdAt,
  expiresAt,
]
