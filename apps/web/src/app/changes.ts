import { CHANGE_TOPICS, CHANGES_PATH, changesSchema, type ChangeTopic } from '@gatehouse/api'
import { useSyncExternalStore } from 'react'
import { queryClient } from './client.ts'

/** What is read again when something of a kind has changed, by the first part of the query's key. */
const READ_AGAIN: Readonly<Record<ChangeTopic, readonly string[]>> = {
  users: ['users', 'user', 'names', 'me'],
  roles: ['roles', 'role', 'resources', 'request', 'me'],
  'access-lists': ['access-lists', 'access-list', 'imported-lists', 'first-steps', 'tasks', 'resources', 'user', 'me'],
  'access-requests': ['requests', 'request', 'tasks', 'resources', 'user'],
  locks: ['locks', 'user', 'request', 'requests'],
  'service-providers': ['service-providers', 'service-provider'],
  bundles: ['bundles'],
  'approval-rules': ['approval-rules', 'request'],
  organizations: ['organizations', 'organization', 'enrolments', 'enrolment', 'resources'],
  assignments: ['organization', 'request', 'requests', 'resources', 'user', 'why', 'who-can'],
  'audit-events': ['audit'],
}

/** While much changes at once, pages are read again no more often than this. */
const AT_MOST_EVERY_MS = 3_000
/** A connection that is away for a moment is not worth a word. */
const LOST_AFTER_MS = 3_000
const TRY_AGAIN_MS = 10_000
/** Windows of one browser share one connection: a browser opens few of them to one server. */
const SHARED = 'gatehouse.changes'

type Connection = 'none' | 'open' | 'lost'
type Said = { readonly topics: readonly ChangeTopic[] } | { readonly connection: Connection }

let connection: Connection = 'none'
const watchers = new Set<() => void>()

/** Whether what the server says comes in; pages are read again by the clock while it does not. */
export const useConnection = (): Connection =>
  useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    () => connection,
  )

/** How often to look by oneself: often while blind, and seldom otherwise, for what ends by time alone. */
export const lookEvery = (milliseconds: number) => (): number =>
  connection === 'open' ? Math.max(milliseconds, 60_000) : milliseconds

/** Reads again what the server says has changed, until the function it gives is called. */
export function followChanges(): () => void {
  const stop = new AbortController()
  const channel = new BroadcastChannel(SHARED)
  const invalidate = createInvalidator(stop.signal)
  const hear = (said: Said): void => {
    if ('topics' in said) invalidate(said.topics)
    else setConnection(said.connection)
  }
  // Another window of ours: the same program wrote it.
  channel.addEventListener('message', ({ data }: MessageEvent<Said | 'who'>) => {
    if (data === 'who') {
      if (isListening) channel.postMessage({ connection } satisfies Said)
    } else hear(data)
  })
  const tell = (said: Said): void => {
    hear(said)
    if (!stop.signal.aborted) channel.postMessage(said)
  }
  let isListening = false
  const listenUntilStopped = (): Promise<void> => {
    isListening = true
    return listen(tell, stop.signal)
  }
  channel.postMessage('who')
  // Locks are given in secure contexts only; without, each window listens for itself.
  if ('locks' in navigator)
    navigator.locks.request(SHARED, { signal: stop.signal }, listenUntilStopped).catch(() => undefined)
  else void listenUntilStopped()
  return () => {
    stop.abort()
    channel.close()
  }
}

function setConnection(next: Connection): void {
  if (next === connection) return
  connection = next
  for (const watcher of watchers) watcher()
}

/** Resolves when it is stopped. */
function listen(tell: (said: Said) => void, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let source: EventSource | undefined
  let later: ReturnType<typeof setTimeout> | undefined
  const lose = (): void => {
    later ??= setTimeout(() => tell({ connection: 'lost' }), LOST_AFTER_MS)
  }
  const connect = (isFirst: boolean): void => {
    if (signal.aborted) return
    let wasOpen = !isFirst
    source = new EventSource(CHANGES_PATH)
    source.addEventListener('open', () => {
      clearTimeout(later)
      later = undefined
      tell({ connection: 'open' })
      // Nobody said what happened in between.
      if (wasOpen) tell({ topics: CHANGE_TOPICS })
      wasOpen = true
    })
    source.addEventListener('changed', ({ data }: MessageEvent<string>) => {
      const read = changesSchema.safeParse(JSON.parse(data))
      // A newer server may have other topics.
      tell({ topics: read.success ? read.data.topics : CHANGE_TOPICS })
    })
    source.addEventListener('error', () => {
      lose()
      if (source?.readyState !== EventSource.CLOSED) return
      // Refused, as after the end of a session: reading who is signed in leads to the sign-in page.
      void queryClient.invalidateQueries({ queryKey: ['me'] })
      setTimeout(() => connect(false), TRY_AGAIN_MS)
    })
  }
  connect(true)
  signal.addEventListener('abort', () => {
    clearTimeout(later)
    source?.close()
    resolve()
  })
  return promise
}

/** At once, and then gathered: what changes many times a second is still shown as it is in the end. */
function createInvalidator(signal: AbortSignal): (topics: readonly ChangeTopic[]) => void {
  const waiting = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  signal.addEventListener('abort', () => clearTimeout(timer))
  const readAgain = (): void => {
    timer = undefined
    if (waiting.size === 0) return
    const keys = new Set(waiting)
    waiting.clear()
    void queryClient.invalidateQueries({
      predicate: ({ queryKey: [key], state }) => typeof key === 'string' && keys.has(key) && !isReadOn(key, state.data),
    })
    timer = setTimeout(readAgain, AT_MOST_EVERY_MS)
  }
  return (topics) => {
    for (const topic of topics) for (const key of READ_AGAIN[topic]) waiting.add(key)
    if (timer === undefined) readAgain()
  }
}

/** Whoever reads on in the log reads of the past; all its pages would be read again. */
const isReadOn = (key: string, data: unknown): boolean =>
  key === 'audit' &&
  typeof data === 'object' &&
  data !== null &&
  'pages' in data &&
  Array.isArray(data.pages) &&
  data.pages.length > 1
