import { paletteStore } from './palette-store.ts'

/**
 * What was found late comes between the rows: the one that is lit stays so and the keys go on from there. Where it is
 * gone, or none was there yet, another is lit, so that Enter is never without one.
 */
export function keepLit(): void {
  const { listId, selected, query } = paletteStore.getState()
  const rows = [...(document.getElementById(listId)?.querySelectorAll('[data-action]') ?? [])]
  const lit = rows.findIndex((row) => row.hasAttribute('data-selected'))
  const index = lit >= 0 ? lit : Math.min(Math.max(selected, 0), rows.length - 1)
  if (lit < 0 && query.trim() === '') return
  rows[index]?.setAttribute('data-selected', 'true')
  if (index !== selected) paletteStore.updateState((state) => ({ ...state, selected: index }))
}
