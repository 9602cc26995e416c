import { createHash } from 'node:crypto'
import { html, type Html } from './html.ts'

const STYLE = `
:root { color-scheme: light dark; --ink: #16191f; --quiet: #545b64; --line: #d5dbdb; --ground: #f2f3f3; --sheet: #fff; --act: #0b5cad; --on-act: #fff; --bad: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --quiet: #a2abb5; --line: #3a434d; --ground: #12171c; --sheet: #1b2229; --act: #6cb0f5; --on-act: #0c1116; --bad: #ff9d94; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: center; justify-content: space-between; padding: .75rem 1.5rem; background: var(--sheet); border-bottom: 1px solid var(--line); }
header a { color: inherit; font-weight: 600; text-decoration: none; }
header form { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: center; color: var(--quiet); }
main { max-width: 46rem; margin: 2.5rem auto; padding: 0 1.5rem; }
main.narrow { max-width: 27rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
p, dl { margin: 0 0 1rem; }
.quiet { color: var(--quiet); }
.bad { color: var(--bad); }
.sheet { background: var(--sheet); border: 1px solid var(--line); border-radius: .5rem; padding: 1.5rem; }
.sheet > :last-child { margin-bottom: 0; }
.sheet > ul { margin-bottom: 1rem; }
details.sheet { padding: 0; margin-bottom: .5rem; }
summary { padding: .75rem 1rem; cursor: pointer; }
ul { list-style: none; margin: 0; padding: 0; border-top: 1px solid var(--line); }
li { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: .6rem 1rem; }
li + li { border-top: 1px solid var(--line); }
li strong { flex: 1 1 12rem; font-weight: 500; }
label { display: block; margin-bottom: 1rem; font-weight: 500; }
input { display: block; width: 100%; margin-top: .25rem; padding: .55rem .7rem; font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--line); border-radius: .375rem; }
button { white-space: nowrap; padding: .55rem 1.1rem; font: inherit; font-weight: 600; color: var(--on-act); background: var(--act); border: 1px solid var(--act); border-radius: .375rem; cursor: pointer; }
button.second { color: var(--act); background: none; }
button.plain { padding: 0; font-weight: 400; color: var(--act); background: none; border: 0; }
.acts { display: flex; flex-wrap: wrap; gap: .75rem; }
a { color: var(--act); }
:focus-visible { outline: 2px solid var(--act); outline-offset: 2px; }
.code { display: block; margin: 1rem 0; font: 600 2rem/1.2 ui-monospace, monospace; letter-spacing: .08em; text-align: center; }
pre { margin: 0 0 1rem; padding: .9rem 1rem; overflow: auto; background: var(--sheet); border: 1px solid var(--line); border-radius: .375rem; font: .875rem/1.5 ui-monospace, monospace; user-select: all; }
dt { color: var(--quiet); font-size: .9rem; } dd { margin: 0 0 .75rem; overflow-wrap: anywhere; }
`

/** AWS's portal keeps where it is behind the #: a browser that runs scripts finds the same page here. And it presses the one button there is. */
const SCRIPT = `if(location.hash.startsWith('#/'))location.replace('/start'+location.hash.slice(1));else addEventListener('DOMContentLoaded',()=>document.getElementById('onward')?.submit())`

const digest = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
/** No form-action: browsers hold it against the redirect to the client's own port too. */
const POLICY = `default-src 'none'; style-src ${digest(STYLE)}; script-src ${digest(SCRIPT)}; base-uri 'none'; frame-ancestors 'none'`

export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': POLICY,
  'cache-control': 'no-store',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
}

export interface Page {
  readonly title: string
  readonly body: Html
  /** A form or a message rather than a list. */
  readonly narrow?: boolean | undefined
}

export function renderPage({ title, body, narrow }: Page, userName: string | undefined): string {
  const style: Html = { markup: `<style>${STYLE}</style>` }
  const script: Html = { markup: `<script>${SCRIPT}</script>` }
  const signOut = html`<form method="post" action="/start/signout">
    <span>${userName}</span> <button class="plain">Sign out</button>
  </form>`
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · AWS sandbox</title>
        ${style}${script}
      </head>
      <body>
        <header><a href="/start">AWS sandbox access portal</a> ${userName === undefined ? undefined : signOut}</header>
        <main class="${narrow === true ? 'narrow' : ''}">
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html>`
  return page.markup
}
