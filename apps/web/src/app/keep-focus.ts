import type { AnyRouter } from '@tanstack/react-router'

/** An element that had the focus, and what it stood in, from the inside out: it is asked for when the element is gone. */
interface Stay {
  readonly element: HTMLElement
  readonly around: readonly Element[]
}

/** What the focus goes to is read out, so it has a name. */
const PLACES =
  'main, [role="dialog"], [role="tabpanel"], fieldset, section[aria-labelledby], :is(section, [role="region"], [role="group"])[aria-label]'
const MOST_STAYS = 12
/** A dialog that closes takes 10 ms to give the focus back; whoever else wants it is quicker still. */
const WAIT_MS = 40

let stays: readonly Stay[] = []
/** Another page is there, and has not been heard of yet. */
let isArriving = false
let timer: ReturnType<typeof setTimeout> | undefined

/**
 * The focus is never lost: when what had it leaves the page, or can't be used any more, and nothing else takes it, it
 * goes to the nearest part of the page that is left of where it was; on another page, to the heading. Whoever clicks
 * beside everything has given it up, and keeps it so.
 */
export function keepFocus(router: AnyRouter): void {
  document.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLElement) remember(target)
  })
  document.addEventListener('focusout', ({ target }) => {
    // Whether it leaves the page is known once it has; what has had the focus since is asked for itself.
    setTimeout(() => {
      const last = stays.at(-1)?.element
      if (isNowhere() && last && last === target && canTake(last)) stays = []
      else lookSoon()
    })
  })
  new MutationObserver(() => {
    const last = stays.at(-1)?.element
    if (isArriving || (last && (isNowhere() || last.matches(':disabled')))) lookSoon()
  }).observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] })
  router.subscribe('onRendered', ({ fromLocation, pathChanged }) => {
    if (!fromLocation || !pathChanged) return
    isArriving = true
    lookSoon()
  })
}

const isNowhere = (): boolean => document.activeElement === null || document.activeElement === document.body
/** Somebody has clicked beside everything: the focus is nowhere, and stays so until something is asked for. */
export const isFocusGivenUp = (): boolean => isNowhere() && stays.length === 0
const isShown = (element: Element): boolean => element.isConnected && element.checkVisibility()
const canTake = (element: HTMLElement): boolean =>
  isShown(element) && !element.matches(':disabled') && element.closest('[inert]') === null
const mainOf = (): HTMLElement | null => document.querySelector('main')
/** The dialog in front, outside of which nothing can be reached. */
const dialogInFront = (): HTMLElement | undefined =>
  [...document.querySelectorAll<HTMLElement>('[aria-modal="true"]')].findLast(isShown)

function remember(element: HTMLElement): void {
  const around: Element[] = []
  for (let outer = element.parentElement; outer && outer !== document.body; outer = outer.parentElement)
    around.push(outer)
  stays = [...stays.filter((stay) => stay.element !== element), { element, around }].slice(-MOST_STAYS)
  const isOfThePage = element !== mainOf() && element.closest('main, [aria-modal="true"]') !== null
  if (isOfThePage) isArriving = false
  else if (isArriving) lookSoon()
}

function lookSoon(): void {
  timer ??= setTimeout(() => {
    timer = undefined
    if (isArriving) arrive()
    if (isNowhere()) putBack()
  }, WAIT_MS)
}

/**
 * A link that is still there keeps the focus, and so does a part of the page that two pages share; otherwise the heading
 * is read, as soon as there is one.
 */
function arrive(): void {
  const main = mainOf()
  if (!main || dialogInFront()) return
  const active = document.activeElement
  const isKept = active !== main && main.contains(active)
  const left = isNowhere() ? findPlace() : undefined
  const place = left && main.contains(left) ? left : main
  isArriving = !isKept && place === main && main.querySelector('h1') === null
  if (!isKept && (place !== active || !isArriving)) focusOn(place)
}

function putBack(): void {
  const last = stays.at(-1)?.element
  // What is busy comes back by itself.
  if (last && isShown(last) && last.matches('[data-loading]:disabled')) return
  const place = findPlace()
  if (place) focusOn(place)
}

function findPlace(): HTMLElement | undefined {
  const room = dialogInFront() ?? document.body
  for (const { element, around } of stays.toReversed()) {
    if (canTake(element) && room.contains(element)) return element
    const left = around.find(isShown)
    const place = left?.closest<HTMLElement>(PLACES)
    if (place && room.contains(place)) return place
  }
  return stays.length === 0 ? undefined : (dialogInFront() ?? mainOf() ?? undefined)
}

/** Of the page as a whole, its heading. What takes no focus otherwise takes it this once. */
function focusOn(place: HTMLElement): void {
  const target = place.matches('main') ? (place.querySelector('h1') ?? place) : place
  if (target.tabIndex < 0 && !target.hasAttribute('tabindex')) {
    target.setAttribute('tabindex', '-1')
    target.addEventListener('blur', () => target.removeAttribute('tabindex'), { once: true })
  }
  target.focus({ preventScroll: true })
}
