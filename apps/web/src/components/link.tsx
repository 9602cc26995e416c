import { Anchor } from '@mantine/core'
import { createLink } from '@tanstack/react-router'

/** A link to one of our pages; it is clipped where its place is. */
export const PageLink = createLink(Anchor)
