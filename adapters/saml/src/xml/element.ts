/** XML as a value. Names carry one of our prefixes; a text child is data, never markup. */
export interface XmlElement {
  readonly name: PrefixedName
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlNode[]
}
export type XmlNode = XmlElement | WrittenXml | string
export type PrefixedName = `${keyof typeof NAMESPACES}:${string}`

/** An element that has been written already, and is used again as it is. */
export interface WrittenXml {
  readonly canonical: string
}

export const NAMESPACES = {
  ds: 'http://www.w3.org/2000/09/xmldsig#',
  md: 'urn:oasis:names:tc:SAML:2.0:metadata',
  saml: 'urn:oasis:names:tc:SAML:2.0:assertion',
  samlp: 'urn:oasis:names:tc:SAML:2.0:protocol',
} as const

/** Attributes and children that are `undefined` are left out. */
export function element(
  name: PrefixedName,
  attributes: Readonly<Record<string, string | undefined>> = {},
  children: readonly (XmlNode | undefined)[] = [],
): XmlElement {
  const given = Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return { name, attributes: Object.fromEntries(given), children: children.filter((child) => child !== undefined) }
}
