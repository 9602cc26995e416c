import { useWindowEvent } from '@mantine/hooks'

/** Keys that act on a list of rows, unless somebody types or a dialog is open. */
export function useReviewKeys(keys: Readonly<Record<string, () => void>>): void {
  useWindowEvent('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
    const { target } = event
    if (target instanceof HTMLInputElement && target.type !== 'checkbox' && target.type !== 'radio') return
    if (target instanceof HTMLTextAreaElement || document.querySelector('[role="dialog"]') !== null) return
    const act = keys[event.key]
    if (!act) return
    event.preventDefault()
    act()
  })
}
