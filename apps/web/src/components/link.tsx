import { Anchor, type AnchorProps } from '@mantine/core'
import { createLink } from '@tanstack/react-router'
import type { ComponentProps } from 'react'
import { Name } from './name.tsx'

const MantineLink = ({ children, ...props }: AnchorProps & Omit<ComponentProps<'a'>, keyof AnchorProps>) => (
  <Anchor {...props}>{typeof children === 'string' ? <Name text={children} /> : children}</Anchor>
)

/** A link to one of our pages. */
export const PageLink = createLink(MantineLink)
