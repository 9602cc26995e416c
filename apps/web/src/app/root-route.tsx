import { createRootRoute } from '@tanstack/react-router'
import { NotFound } from './not-found.tsx'
import { Shell } from './shell.tsx'

export const root = createRootRoute({ component: Shell, notFoundComponent: NotFound })

/** What stands in the address; anything else is dropped. */
export const text = (value: unknown): string | undefined =>
  // The router reads `123456789012` as a number.
  typeof value === 'number' ? String(value) : typeof value === 'string' && value !== '' ? value : undefined
export const isOn = (value: unknown): true | undefined => (value === true || value === 'true' ? true : undefined)
