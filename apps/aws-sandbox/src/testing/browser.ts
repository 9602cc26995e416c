/** A page as it arrived, after all redirects that lead to this origin. */
export interface VisitedPage {
  readonly url: string
  readonly status: number
  readonly body: string
  /** Where a redirect leaves the sandbox: to an identity provider or to a client's own port. */
  readonly leavesTo?: URL | undefined
}

export interface Browser {
  open(url: string, init?: RequestInit): Promise<VisitedPage>
  /** Sends the page's form; `press` is the button's name and value. */
  submit(page: VisitedPage, fields?: Readonly<Record<string, string>>): Promise<VisitedPage>
  readonly cookies: ReadonlyMap<string, string>
}

/** Keeps cookies, follows redirects inside one origin and fills in forms; runs no scripts. */
export function createBrowser(origin: string): Browser {
  const cookies = new Map<string, string>()

  async function open(url: string, init: RequestInit = {}): Promise<VisitedPage> {
    const headers = new Headers(init.headers)
    headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    const response = await fetch(new URL(url, origin), { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) keep(line)
    const location = response.headers.get('location')
    const { status } = response
    if (location === null) return { url: response.url, status, body: await response.text() }
    const leavesTo = new URL(location, response.url)
    return leavesTo.origin === origin ? open(leavesTo.href) : { url: response.url, status, body: '', leavesTo }
  }

  function keep(line: string) {
    const [pair = '', ...attributes] = line.split('; ')
    const [name = '', value = ''] = pair.split('=')
    if (attributes.includes('Max-Age=0')) cookies.delete(name)
    else cookies.set(name, value)
  }

  return {
    open,
    cookies,
    submit(page, fields = {}) {
      const form = /<form class="sheet"[^>]*>[^]*?<\/form>/.exec(page.body)?.[0] ?? ''
      const { action = page.url, method = 'get' } = attributesOf(form)
      const inputs = [...form.matchAll(/<input[^>]*>/g)].map(([input]) => attributesOf(input))
      const hidden = inputs.filter(({ type }) => type === 'hidden').map(({ name = '', value = '' }) => [name, value])
      const sent = new URLSearchParams({ ...Object.fromEntries(hidden), ...fields })
      if (method === 'get') return open(`${action}?${sent.toString()}`)
      return open(action, { method: 'POST', body: sent })
    },
  }
}

/** Of the first tag in some markup. */
export function attributesOf(markup: string): Readonly<Record<string, string>> {
  const tag = /<[^>]*>/.exec(markup)?.[0] ?? ''
  const pairs = [...tag.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, unescapeHtml(value)])
  return Object.fromEntries(pairs)
}

export function unescapeHtml(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}
