import { execFile, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const SAML_SCHEMAS = '/usr/share/xml/opensaml'
const XML_SCHEMAS = '/usr/share/xml/xmltooling'

export const hasXmlsec = (): boolean => spawnSync('xmlsec1', ['--version']).status === 0
export const hasSchemas = (): boolean =>
  spawnSync('xmllint', ['--version']).status === 0 && [SAML_SCHEMAS, XML_SCHEMAS].every((folder) => existsSync(folder))

/** Checks a signature with xmlsec1, trusting just this certificate. @returns what it says when it is not content */
export async function xmlsecComplains(xml: string, pem: string, signed: 'Assertion' | 'Response') {
  const namespace = `urn:oasis:names:tc:SAML:2.0:${signed === 'Assertion' ? 'assertion' : 'protocol'}`
  const place =
    signed === 'Assertion'
      ? '/*/*[local-name()="Assertion"]/*[local-name()="Signature"]'
      : '/*/*[local-name()="Signature"]'
  return inFolder({ 'response.xml': xml, 'key.pem': pem }, (folder) =>
    run('xmlsec1', [
      '--verify',
      '--pubkey-cert-pem',
      join(folder, 'key.pem'),
      '--id-attr:ID',
      `${namespace}:${signed}`,
      '--node-xpath',
      place,
      join(folder, 'response.xml'),
    ]),
  )
}

/** Checks against the schemas of OASIS with xmllint. @returns what it says when it is not content */
export async function schemaComplains(xml: string, schema: 'protocol' | 'metadata') {
  const catalog = `<catalog xmlns="urn:oasis:names:tc:entity:xmlns:xml:catalog">
    <uri name="http://www.w3.org/TR/2002/REC-xmldsig-core-20020212/xmldsig-core-schema.xsd" uri="${XML_SCHEMAS}/xmldsig-core-schema.xsd"/>
    <uri name="http://www.w3.org/TR/2002/REC-xmlenc-core-20021210/xenc-schema.xsd" uri="${XML_SCHEMAS}/xenc-schema.xsd"/>
    <uri name="http://www.w3.org/2001/xml.xsd" uri="${XML_SCHEMAS}/xml.xsd"/>
    <system systemId="http://www.w3.org/2001/xml.xsd" uri="${XML_SCHEMAS}/xml.xsd"/>
    <system systemId="http://www.w3.org/TR/2002/REC-xmldsig-core-20020212/xmldsig-core-schema.xsd" uri="${XML_SCHEMAS}/xmldsig-core-schema.xsd"/>
    <system systemId="http://www.w3.org/TR/2002/REC-xmlenc-core-20021210/xenc-schema.xsd" uri="${XML_SCHEMAS}/xenc-schema.xsd"/>
  </catalog>`
  return inFolder({ 'document.xml': xml, 'catalog.xml': catalog }, (folder) =>
    run(
      'xmllint',
      ['--nonet', '--noout', '--schema', `${SAML_SCHEMAS}/saml-schema-${schema}-2.0.xsd`, join(folder, 'document.xml')],
      { XML_CATALOG_FILES: join(folder, 'catalog.xml') },
    ),
  )
}

async function inFolder<T>(files: Readonly<Record<string, string>>, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-saml-'))
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const run = (program: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<string> =>
  new Promise((resolve) => {
    execFile(program, args, { env: { ...process.env, ...environment } }, (error, _, said) =>
      resolve(error ? said || error.message : ''),
    )
  })
