/** What somebody saw who opened a page. */
export interface Seen {
  /** The title of every page on the way. */
  readonly titles: readonly string[]
  readonly url: string
}

const MOST_PAGES = 12

/**
 * Opens a page as a person with this password does: signs in where a form asks for it, sends on what one site has for the
 * other, and allows what is asked.
 */
export async function openAs(person: { readonly user: string; readonly password: string }, url: string): Promise<Seen> {
  const titles: string[] = []
  const cookies = new Map<string, string>()
  let page = await load(cookies, url)
  for (let count = 0; count < MOST_PAGES; count++) {
    const title = /<title>([^<]*)<\/title>/.exec(page.body)?.[1] ?? page.body.slice(0, 80)
    titles.push(unescaped(title).trim())
    const next = answered(page, person)
    if (!next) break
    page = await load(cookies, next.url, { form: next.form, origin: new URL(page.url).origin })
  }
  return { titles, url: page.url }
}

interface Page {
  readonly url: string
  readonly body: string
}

/** Follows redirects, to other hosts as well; keeps cookies for each host. */
async function load(
  cookies: Map<string, string>,
  url: string,
  sent?: { readonly form: URLSearchParams; readonly origin: string },
): Promise<Page> {
  const { host } = new URL(url)
  const headers = { cookie: cookies.get(host) ?? '', ...(sent ? { origin: sent.origin } : {}) }
  const init = sent ? { method: 'POST', body: sent.form } : {}
  const response = await fetch(url, { ...init, headers, redirect: 'manual' })
  const kept = response.headers.getSetCookie().map((line) => line.split(';')[0] ?? '')
  if (kept.length > 0) cookies.set(host, [cookies.get(host), ...kept].filter(Boolean).join('; '))
  const location = response.headers.get('location')
  if (location !== null) return load(cookies, new URL(location, url).href)
  return { url, body: await response.text() }
}

/** The page's form as the person sends it; none when there is nothing to answer. */
function answered(
  { url, body }: Page,
  { user, password }: { readonly user: string; readonly password: string },
): { readonly url: string; readonly form: URLSearchParams } | undefined {
  const forms = (body.match(/<form [^]*?<\/form>/g) ?? []).filter((form) => !/sign-?out/i.test(form))
  const markup = forms.find((form) => attributesOf(form)['method'] === 'post')
  if (markup === undefined) return undefined
  const form = new URLSearchParams()
  for (const [input] of markup.matchAll(/<input[^>]*>/g)) {
    const { name = '', value = '', type } = attributesOf(input)
    if (type === 'hidden') form.set(name, value)
    else form.set(name, type === 'password' ? password : user)
  }
  if (markup.includes('value="allow"')) form.set('answer', 'allow')
  return { url: new URL(attributesOf(markup)['action'] ?? url, url).href, form }
}

function attributesOf(markup: string): Readonly<Record<string, string>> {
  const tag = /<[^>]*>/.exec(markup)?.[0] ?? ''
  return Object.fromEntries(
    [...tag.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, unescaped(value)]),
  )
}

const unescaped = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
