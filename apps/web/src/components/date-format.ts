import { useSyncExternalStore } from 'react'

/** How somebody wants dates written; kept in this browser. */
export interface DateFormat {
  /** A BCP 47 tag; empty for the browser's own. */
  readonly language: string
  /** As the language has it, or one or the other whatever the language. */
  readonly hours: 'language' | '24' | '12'
}

const KEY = 'gatehouse.dates'
const HOURS = ['language', '24', '12'] as const
const AS_BROWSER: DateFormat = { language: '', hours: 'language' }

let current = read()
const listeners = new Set<() => void>()

function change(next: DateFormat): void {
  current = next
  for (const listener of listeners) listener()
}

function read(): DateFormat {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null')
    if (typeof kept !== 'object' || kept === null) return AS_BROWSER
    const { language, hours }: { readonly language?: unknown; readonly hours?: unknown } = kept
    return {
      language: typeof language === 'string' && isLanguage(language) ? language : '',
      hours: HOURS.find((known) => known === hours) ?? 'language',
    }
  } catch {
    return AS_BROWSER
  }
}

function isLanguage(tag: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(tag).length > 0
  } catch {
    return false
  }
}

export function setDateFormat(next: DateFormat): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(next))
  } catch {
    // A browser that keeps nothing has it until the page is left.
  }
  change(next)
}

function listen(listener: () => void): () => void {
  const follow = ({ key }: StorageEvent): void => {
    if (key === KEY) change(read())
  }
  listeners.add(listener)
  window.addEventListener('storage', follow)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('storage', follow)
  }
}

export const useDateFormat = (): DateFormat => useSyncExternalStore(listen, () => current)

export interface DateWords {
  /** The language of what the others give. */
  readonly lang: string
  /** With the time of day and the zone. */
  readonly moment: (at: Date) => string
  readonly day: (at: Date) => string
  /** Hours and minutes. */
  readonly clock: (at: Date) => string
  /** The same with seconds. */
  readonly second: (at: Date) => string
  readonly shortDay: (at: Date) => string
}

/** Dates in this browser's chosen form. */
export function useDates(): DateWords {
  return wordsOf(useDateFormat())
}

const made = new Map<string, DateWords>()

function wordsOf({ language, hours }: DateFormat): DateWords {
  const key = `${language} ${hours}`
  const known = made.get(key)
  if (known) return known
  const locale = language === '' ? navigator.language : language
  const cycle = { 24: 'h23', 12: 'h12', language: undefined } as const
  const hourCycle = cycle[hours]
  const moment = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'long',
    ...(hourCycle === undefined ? {} : { hourCycle }),
  })
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'long' })
  const second = new Intl.DateTimeFormat(locale, {
    timeStyle: 'medium',
    ...(hourCycle === undefined ? {} : { hourCycle }),
  })
  const shortDay = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric' })
  const clock = new Intl.DateTimeFormat(locale, {
    timeStyle: 'short',
    ...(hourCycle === undefined ? {} : { hourCycle }),
  })
  const words = {
    lang: locale,
    moment: (at: Date) => moment.format(at),
    day: (at: Date) => day.format(at),
    clock: (at: Date) => clock.format(at),
    second: (at: Date) => second.format(at),
    shortDay: (at: Date) => shortDay.format(at),
  }
  made.set(key, words)
  return words
}
