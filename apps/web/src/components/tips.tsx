import { Tooltip } from '@mantine/core'
import { useEffect, useState } from 'react'

const AFTER_MS = 300
const ID = 'tip'

interface Tip {
  readonly of: HTMLElement
  readonly text: string
  readonly lang: string | undefined
}

/**
 * What an element says in `data-tip` (and in which language, in `data-tip-lang`), beside it, while the pointer rests on
 * it or the keys have led there; Escape puts it away. There is one for the whole page: one for each element took
 * longer to draw than all else in a row.
 */
export function Tips() {
  const [tip, setTip] = useState<Tip>()
  useEffect(() => followPointerAndKeys((of) => setTip(of && read(of))), [])
  useEffect(() => {
    if (!tip) return undefined
    // What it is about may change, or go, while it is shown.
    const observer = new MutationObserver(() =>
      setTip((shown) => {
        const now = read(tip.of)
        return now?.text === shown?.text ? shown : now
      }),
    )
    observer.observe(document.body, { subtree: true, childList: true, attributeFilter: ['data-tip'] })
    return () => observer.disconnect()
  }, [tip])
  useEffect(() => {
    if (!tip || [tip.of.ariaLabel, tip.of.textContent.trim()].includes(tip.text)) return undefined
    tip.of.setAttribute('aria-describedby', ID)
    return () => tip.of.removeAttribute('aria-describedby')
  }, [tip])
  if (!tip) return null
  const label = (
    <span id={ID} lang={tip.lang}>
      {tip.text}
    </span>
  )
  return (
    <aside aria-label="Explanation">
      <Tooltip opened target={tip.of} label={label} multiline maw={360} withinPortal={false} />
    </aside>
  )
}

function read(of: HTMLElement): Tip | undefined {
  const { tip: text, tipLang: lang } = of.dataset
  return text && of.isConnected ? { of, text, lang } : undefined
}

const tipped = ({ target }: Event): HTMLElement | undefined =>
  target instanceof Element ? (target.closest<HTMLElement>('[data-tip]') ?? undefined) : undefined

function followPointerAndKeys(show: (of: HTMLElement | undefined) => void): () => void {
  let at: HTMLElement | undefined
  let timer: number | undefined
  const go = (next: HTMLElement | undefined): void => {
    if (next === at) return
    at = next
    window.clearTimeout(timer)
    show(undefined)
    if (next) timer = window.setTimeout(() => show(next), AFTER_MS)
  }
  const stop = new AbortController()
  const { signal } = stop
  document.addEventListener('pointerover', (event) => go(tipped(event)), { signal })
  document.documentElement.addEventListener('pointerleave', () => go(undefined), { signal })
  document.addEventListener(
    'focusin',
    (event) => {
      if (event.target instanceof Element && event.target.matches(':focus-visible')) go(tipped(event))
    },
    { signal },
  )
  document.addEventListener(
    'focusout',
    (event) => {
      if (tipped(event) === at) go(undefined)
    },
    { signal },
  )
  document.addEventListener(
    'keydown',
    ({ key }) => {
      if (key === 'Escape') go(undefined)
    },
    { signal },
  )
  return () => {
    stop.abort()
    window.clearTimeout(timer)
  }
}
