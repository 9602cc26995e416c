import type { Document } from '@gatehouse/api'
import { client } from '../app/client.ts'
import { sayOutcome } from './say-outcome.ts'
import type { Remedy } from './toasts.tsx'

interface PutBack {
  /** `the role "on-call"` */
  readonly words: string
  /** Reads anew what pages show of it. */
  readonly refresh: () => void
}

/** What a saved document has replaced. */
export interface Replaced {
  readonly before: Document
  /** Of the document that is saved. */
  readonly revision: string | undefined
}

/** Makes what was deleted once more; refused when there is another of that name by now. */
export const makingAgain = (deleted: Document | undefined, { words, refresh }: PutBack): Remedy | undefined =>
  deleted && {
    verb: 'Put back',
    run: () =>
      void apply({ text: textOf(deleted, undefined), mode: 'create' }, { words, refresh, done: 'is there again' }),
  }

/** Saves what was there before; refused when somebody has changed it since. */
export function puttingBack(replaced: Replaced | undefined, { words, refresh }: PutBack): Remedy | undefined {
  if (replaced?.revision === undefined) return undefined
  const text = textOf(replaced.before, replaced.revision)
  return {
    verb: 'Put back',
    run: () => void apply({ text, mode: 'update' }, { words, refresh, done: 'is as it was before' }),
  }
}

/** What the server says about it is not written, and no revision where there is nothing that has one. */
const textOf = (document: Document, revision: string | undefined): string =>
  JSON.stringify({ ...document, status: undefined, metadata: { ...document.metadata, revision } })

async function apply(
  body: { readonly text: string; readonly mode: 'create' | 'update' },
  { words, refresh, done }: PutBack & { readonly done: string },
): Promise<void> {
  const said = `${words.charAt(0).toUpperCase()}${words.slice(1)}`
  await sayOutcome(() => client.applyDocuments({ body }), {
    done: `${said} ${done}.`,
    refused: `${said} is not put back`,
  })
  refresh()
}
