/** Fields that somebody has typed into and that are still there; fields for searching are in the address anyway. */
let touched: readonly (HTMLInputElement | HTMLTextAreaElement)[] = []

const isThere = (field: HTMLInputElement | HTMLTextAreaElement): boolean => field.isConnected && field.value !== ''

window.addEventListener(
  'input',
  ({ target }) => {
    const isField = target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement
    if (isField && target.type !== 'search' && !touched.includes(target)) touched = [...touched.filter(isThere), target]
  },
  { capture: true, passive: true },
)

/** Whether leaving the page would lose something that was typed, also on the way to an open dialog. */
export const holdsTypedText = (): boolean => touched.some(isThere) || document.querySelector('[role="dialog"]') !== null
