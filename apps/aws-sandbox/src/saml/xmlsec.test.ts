import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { createIdentityProvider } from '../testing/identity-provider.ts'
import { run } from '../testing/programs.ts'
import { validateResponse } from './validate-response.ts'

const XMLSEC = 'xmlsec1'
const NAMESPACE = {
  Assertion: 'urn:oasis:names:tc:SAML:2.0:assertion',
  Response: 'urn:oasis:names:tc:SAML:2.0:protocol',
}
const NOW = Date.parse('2026-03-01T09:00:00Z')
const idp = createIdentityProvider()
const expected = {
  entityId: 'https://us-east-1.signin.aws.amazon.com/platform/saml/d-0123456789',
  acsUrl: 'http://127.0.0.1:4567/platform/saml/acs/1',
  issuer: idp.entityId,
  certificates: [idp.certificate],
  now: NOW,
  clockSkew: 0,
}
const validate = (xml: string) => validateResponse(Buffer.from(xml).toString('base64'), expected)

beforeEach((context) => {
  if (spawnSync(XMLSEC, ['--version']).status !== 0) context.skip('xmlsec1 is not installed')
})

/** So that signer and verifier are not of one library. */
it.each([
  ['Assertion', 'sha256'],
  ['Response', 'sha256'],
  ['Response', 'sha512'],
] as const)(
  'takes the %s that xmlsec1 has signed with RSA and %s, and none that has changed since',
  async (name, hash) => {
    const { acsUrl, entityId: audience } = expected
    const plain = idp.respond({ nameId: 'ana@acme.example', acsUrl, audience, now: NOW, signs: 'nothing' })
    const signed = await signByXmlsec(plain, name, hash)
    expect(validate(signed).nameId).toBe('ana@acme.example')
    expect(() => validate(signed.replace('ana@', 'bob@'))).toThrow(/none of the trusted certificates/)
  },
)

async function signByXmlsec(xml: string, name: keyof typeof NAMESPACE, hash: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'aws-sandbox-xmlsec-'))
  try {
    const [template, key] = [join(folder, 'template.xml'), join(folder, 'key.pem')]
    await writeFile(template, withTemplate(xml, name, hash))
    await writeFile(key, idp.privateKey)
    const args = ['--sign', '--privkey-pem', key, '--id-attr:ID', `${NAMESPACE[name]}:${name}`, template]
    const { status, stdout, stderr } = await run(XMLSEC, args, process.env)
    if (status !== 0) throw new Error(stderr)
    return stdout
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** An empty signature behind the issuer. */
function withTemplate(xml: string, name: string, hash: string): string {
  const id = new RegExp(`:${name} [^>]*?ID="([^"]*)"`).exec(xml)?.[1]
  const template =
    `<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>` +
    `<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>` +
    `<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-${hash}"/><ds:Reference URI="#${id}"><ds:Transforms>` +
    `<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>` +
    `</ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#${hash}"/><ds:DigestValue/></ds:Reference></ds:SignedInfo><ds:SignatureValue/></ds:Signature>`
  return xml.replace(new RegExp(`(:${name} [^]*?</saml:Issuer>)`), `$1${template}`)
}
