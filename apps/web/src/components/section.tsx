import { Title } from '@mantine/core'
import type { ReactNode } from 'react'

/** A part of a page under its own heading. */
export function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title}>
      <Title order={2} mb="sm">
        {title}
      </Title>
      {children}
    </section>
  )
}
