import type { View } from '../desired-state/view.ts'
import type { Instant } from '../kernel/instant.ts'
import { type Asked, type Explanation, whyAccess } from './why-access.ts'

/** Everybody who has access to an account now, each with every way to it; by name. */
export const whoCan = (view: View, now: Instant, asked: Asked): readonly Explanation[] =>
  view.users
    .map((user) => whyAccess(user, view, now, asked))
    .filter(({ paths }) => paths.length > 0)
    .toSorted((a, b) => (a.user.name < b.user.name ? -1 : 1))
