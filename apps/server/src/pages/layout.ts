import type { FastifyReply } from 'fastify'
import { html, type Html } from './html.ts'

export interface Page {
  readonly title: string
  readonly body: Html
  readonly status?: number
}

/** The frame of every page: one column, one heading, readable without JavaScript. */
export function sendPage(reply: FastifyReply, { title, body, status = 200 }: Page): FastifyReply {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${title} · Gatehouse</title>
        <link rel="stylesheet" href="/page.css" />
        <link rel="icon" href="data:," />
      </head>
      <body>
        <main>
          <p class="brand">Gatehouse</p>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html>`
  return reply.code(status).type('text/html; charset=utf-8').send(page.text)
}

/** What went wrong and what to do, read out at once by a screen reader. */
export const alert = (problem: { readonly message: string; readonly remedy: string } | undefined): Html | undefined =>
  problem &&
  html`<div class="alert" role="alert" id="problem">
    <p><strong>${problem.message}</strong></p>
    <p>${problem.remedy}</p>
  </div>`

/** For the field that the problem is about: it says so, and is where the typing goes on. */
export const marked = (isWrong: boolean): Html | undefined =>
  isWrong ? html`aria-invalid="true" aria-errormessage="problem" autofocus` : undefined

/** One neutral scale, one accent, 4 px grid; every pair of colours is at least 4.5 : 1. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --back: #f6f7f9; --panel: #ffffff; --line: #d5d8df; --field: #868e9b; --text: #1b1f27; --soft: #565d6b;
  --accent: #4044b8; --on-accent: #ffffff; --accent-strong: #33369a; --bad: #a3211b; --bad-back: #fdf1f0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #14161b; --panel: #1c1f26; --line: #343944; --field: #767e8d; --text: #e8eaef; --soft: #a5adba;
    --accent: #a9adff; --on-accent: #14161b; --accent-strong: #c3c6ff; --bad: #ffb0aa; --bad-back: #33201f;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; display: grid; place-items: start center; padding: 12vh 16px 48px;
  background: var(--back); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
main {
  width: 100%; max-width: 400px; padding: 32px; background: var(--panel);
  border: 1px solid var(--line); border-radius: 6px;
}
.brand { margin: 0 0 4px; color: var(--soft); font-size: 13px; font-weight: 600; letter-spacing: 0.02em; }
h1 { margin: 0 0 20px; font-size: 22px; line-height: 1.3; font-weight: 600; }
p { margin: 0 0 12px; overflow-wrap: anywhere; }
form { margin: 0; }
label { display: block; margin: 16px 0 4px; font-weight: 500; }
input {
  width: 100%; padding: 9px 12px; font: inherit; color: inherit; background: var(--back);
  border: 1px solid var(--field); border-radius: 6px;
}
.hint { margin: 4px 0 0; color: var(--soft); font-size: 13px; }
form + .hint { margin-top: 16px; }
input:user-invalid, input[aria-invalid] { border-color: var(--bad); }
.wrong { display: none; color: var(--bad); }
input:user-invalid + .wrong { display: block; }
button {
  width: 100%; min-height: 42px; margin-top: 24px; padding: 8px 16px; font: inherit; font-weight: 600; cursor: pointer;
  color: var(--on-accent); background: var(--accent); border: 1px solid transparent; border-radius: 6px;
}
button:hover { background: var(--accent-strong); }
button.quiet { color: var(--text); background: transparent; border-color: var(--field); }
button.quiet:hover { background: var(--back); }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.alert { margin: 0 0 20px; padding: 12px 16px; color: var(--bad); background: var(--bad-back); border-left: 3px solid; }
.alert p { margin: 0; }
h2 { margin: 0 0 8px; font-size: 16px; line-height: 1.3; font-weight: 600; }
.note { margin: 0 0 20px; padding: 12px 16px; border: 1px solid var(--line); border-radius: 6px; }
.note p:last-child { margin: 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 0 0 12px; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
code { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
p.user-code, input.user-code {
  font: 600 24px/1.4 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; letter-spacing: 0.08em;
}
input.user-code { text-transform: uppercase; }
p.user-code { padding: 8px 12px; background: var(--back); border: 1px solid var(--line); border-radius: 6px; }
button + button { margin-top: 12px; }
pre { margin: 0 0 12px; padding: 12px; background: var(--back); border-radius: 6px; overflow-x: auto; }
@media (max-width: 480px) { body { padding-top: 24px; } main { padding: 24px 20px; } }
`
