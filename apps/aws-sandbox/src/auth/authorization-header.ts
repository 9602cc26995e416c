/** The parts of `Authorization: AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`. */
export interface AuthorizationHeader {
  readonly accessKeyId: string
  readonly scope: CredentialScope
  readonly signedHeaders: readonly string[]
  /** 64 hexadecimal digits. */
  readonly signature: string
}

export interface CredentialScope {
  /** `YYYYMMDD` */
  readonly date: string
  readonly region: string
  readonly service: string
}

/** @returns `undefined` unless the header has this form and every part of it exactly once. */
export function parseAuthorizationHeader(text: string): AuthorizationHeader | undefined {
  const [, list] = /^AWS4-HMAC-SHA256\s+(.*)$/.exec(text.trim()) ?? []
  const pairs = (list ?? '').split(',').map((pair) => /^\s*(\w+)=(\S*)\s*$/.exec(pair)?.slice(1) ?? [])
  const parts = new Map(pairs.map(([name = '', value = '']) => [name, value]))
  if (pairs.length !== 3 || parts.size !== 3) return undefined

  const [, accessKeyId, date, region, service] =
    /^([\w]{1,128})\/(\d{8})\/([\w-]+)\/([\w-]+)\/aws4_request$/.exec(parts.get('Credential') ?? '') ?? []
  const signedHeaders = (parts.get('SignedHeaders') ?? '').split(';')
  const signature = parts.get('Signature') ?? ''
  if (!accessKeyId || !date || !region || !service) return undefined
  if (!signedHeaders.every((name) => /^[!#-'*+.^-z|~\d-]+$/.test(name)) || !/^[0-9a-f]{64}$/.test(signature))
    return undefined
  return { accessKeyId, scope: { date, region, service }, signedHeaders, signature }
}
