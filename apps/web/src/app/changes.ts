import { CHANGE_TOPICS, CHANGES_PATH, changesSchema, type ChangeTopic } from '@gatehouse/api'
import type { Query } from '@tanstack/react-query'
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
  organizations: ['organizations', 'organization', 'removal', 'enrolments', 'enrolment', 'resources'],
  assignments: ['organization', 'removal', 'request', 'requests', 'resources', 'user', 'why', 'who-can'],
  'audit-events': ['audit'],
}

/** How a part of what has changed is read again: everybody hears of it at once, and is not to ask at once. */
interface Pace {
  readonly keys: (key: string) => boolean
  /** Up to so much later than the news. */
  readonly spreadMs: number
  /** While much changes, no more often than this. */
  readonly gapMs: number
}
const isHeavy = (key: string): boolean => key === 'resources'
const PACES: readonly Pace[] = [
  { keys: (key) => !isHeavy(key), spreadMs: 800, gapMs: 3_000 },
  // All that somebody may ask for in a large organization.
  { keys: isHeavy, spreadMs: 5_000, gapMs: 15_000 },
]
/** A connection that is away for a moment is not worth a word. */
const LOST_AFTER_MS = 3_000
const TRY_AGAIN_MS = 10_000
/** Windows of one browser share one connection: a browser opens few of them to one server. */
const SHARED = 'gatehouse.changes'

type Connection = 'none' | 'open' | 'lost'
interface News {
  readonly topics: readonly ChangeTopic[]
  /** Where the server goes on from when it is asked what has changed since. */
  readonly position: string
}
type Said = News | { readonly connection: Connection }

let connection: Connection = 'none'
const watchers = new Set<() => void>()
/** What was heard last; at first what the page is as of, which is older than all that it reads. */
let heard = document.querySelector<HTMLMetaElement>('meta[name="changes-since"]')?.content ?? ''

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
export const lookEvery =
  (milliseconds: number, seldom = 60_000) =>
  (): number =>
    connection === 'open' ? Math.max(milliseconds, seldom) : milliseconds

/** Reads again what the server says has changed, as long as the window is there; begun before anything is read. */
export function followChanges(): void {
  const channel = new BroadcastChannel(SHARED)
  const invalidators = PACES.map((pace) => createInvalidator(pace))
  const hear = (said: Said): void => {
    if ('topics' in said) {
      heard = said.position
      for (const invalidate of invalidators) invalidate(said)
    } else setConnection(said.connection)
  }
  // Another window of ours: the same program wrote it.
  channel.addEventListener('message', ({ data }: MessageEvent<Said | 'who'>) => {
    if (data === 'who') {
      if (isListening) channel.postMessage({ connection } satisfies Said)
    } else hear(data)
  })
  const tell = (said: Said): void => {
    hear(said)
    channel.postMessage(said)
  }
  let isListening = false
  const listenForAll = (): Promise<never> => {
    isListening = true
    listen(tell)
    return new Promise(() => {}) // the lock goes with the window
  }
  channel.postMessage('who')
  // Locks are given in secure contexts only; without, each window listens for itself.
  if ('locks' in navigator) void navigator.locks.request(SHARED, listenForAll)
  else void listenForAll()
}

function setConnection(next: Connection): void {
  if (next === connection) return
  connection = next
  for (const watcher of watchers) watcher()
}

/** Tells everybody what the server says. */
function listen(tell: (said: Said) => void): void {
  let later: ReturnType<typeof setTimeout> | undefined
  const lose = (): void => {
    later ??= setTimeout(() => tell({ connection: 'lost' }), LOST_AFTER_MS)
  }
  const connect = (): void => {
    lose()
    // When the line breaks the browser asks again by itself, and names the last event.
    const source = new EventSource(`${CHANGES_PATH}?since=${encodeURIComponent(heard)}`)
    source.addEventListener('open', () => {
      clearTimeout(later)
      later = undefined
      tell({ connection: 'open' })
    })
    for (const event of ['missed', 'changed'])
      source.addEventListener(event, (news: MessageEvent<string>) => tell(read(news)))
    source.addEventListener('error', () => {
      lose()
      if (source.readyState !== EventSource.CLOSED) return
      // Refused, as after the end of a session: reading who is signed in leads to the sign-in page.
      void queryClient.invalidateQueries({ queryKey: ['me'] })
      setTimeout(connect, TRY_AGAIN_MS)
    })
  }
  connect()
}

function read({ data, lastEventId: position }: MessageEvent<string>): News {
  const said = changesSchema.safeParse(JSON.parse(data))
  // A newer server may have other topics.
  return { topics: said.success ? said.data.topics : CHANGE_TOPICS, position }
}

/** Soon, and then gathered: what changes many times a second is still shown as it is in the end. */
function createInvalidator({ keys: isMeant, spreadMs, gapMs }: Pace) {
  /**
   * First parts of the keys of queries. All that is there is read again, however late it came: an answer that was on its
   * way when the news came may be from before it.
   */
  const waiting = new Set<string>()
  /** What was just being read when something changed: it is read again afterwards. */
  let busy: readonly Query[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let lastAt = -Infinity
  const readAgain = (): void => {
    timer = undefined
    lastAt = performance.now()
    const meant = new Set(waiting)
    waiting.clear()
    const isOld = ({ queryKey: [key], state }: Query): boolean =>
      typeof key === 'string' && meant.has(key) && !isReadOn(key, state.data)
    const old = queryClient.getQueryCache().findAll({ predicate: (query) => busy.includes(query) || isOld(query) })
    // Begun anew each time, it would not come to its end.
    busy = old.filter(({ state }) => state.fetchStatus === 'fetching')
    void queryClient.invalidateQueries({
      predicate: (query) => old.includes(query) && !busy.includes(query),
      // Nobody looks: it is read when somebody does.
      refetchType: document.visibilityState === 'hidden' ? 'none' : 'active',
    })
    if (busy.length > 0) timer = setTimeout(readAgain, gapMs)
  }
  return ({ topics }: News): void => {
    for (const topic of topics) for (const key of READ_AGAIN[topic].filter(isMeant)) waiting.add(key)
    if (timer !== undefined || waiting.size === 0) return
    const rest = Math.max(0, lastAt + gapMs - performance.now())
    timer = setTimeout(readAgain, rest + Math.random() * spreadMs)
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
