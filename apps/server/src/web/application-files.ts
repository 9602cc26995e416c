import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

/** The built web interface, read once: it does not change while the server runs. */
export interface ApplicationFiles {
  /** The page, with empty places for the nonce of its styles and for the moment that it is as of. */
  readonly page: string
  /** By path from the root, such as `/assets/index-Ab12.js`. */
  readonly assets: ReadonlyMap<string, Asset>
}

export interface Asset {
  readonly type: string
  readonly content: Buffer
  /** The same compressed; absent where that would not help. */
  readonly gzipped?: Buffer
  /** Its name changes with its content. */
  readonly isImmutable: boolean
}

/** `npm start` and `npm test` build it there. */
const BUILT = fileURLToPath(new URL('../../../web/dist/', import.meta.url))

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
}

/** Nothing when it has not been built: then the server answers with its own plain pages only. */
export function readApplicationFiles(folder = BUILT): ApplicationFiles | undefined {
  if (!existsSync(`${folder}index.html`)) return undefined
  const names = ['favicon.svg', 'before.js', ...readdirSync(`${folder}assets`).map((name) => `assets/${name}`)]
  const assets = new Map<string, Asset>()
  for (const name of names) {
    const type = TYPES[name.slice(name.lastIndexOf('.') + 1)]
    if (type === undefined || !existsSync(`${folder}${name}`)) continue
    const content = readFileSync(`${folder}${name}`)
    assets.set(`/${name}`, { type, content, gzipped: gzipSync(content), isImmutable: name.startsWith('assets/') })
  }
  return { page: readFileSync(`${folder}index.html`, 'utf8'), assets }
}
