import { Button, CloseButton, Group, Text } from '@mantine/core'
import { Fragment, useRef } from 'react'
import { Name } from './name.tsx'
import { sayName } from './say-name.ts'

export interface Filter {
  /** What of a thing it is about, and how: `state is`, `name holds`. */
  readonly what: string
  /** Nothing where there is no such filter. */
  readonly value: string | undefined
  /** The language that the value is said in, where that is chosen, as of dates. */
  readonly lang?: string
  /** Shows what is shown without it. */
  readonly remove: () => void
}

/** What is shown and what not, as a sentence of which each part can be taken out. */
export function FilterChips({
  lead = 'where',
  filters,
  onClear,
}: {
  readonly lead?: string
  readonly filters: readonly Filter[]
  readonly onClear: () => void
}) {
  const group = useRef<HTMLDivElement>(null)
  const set = filters.filter(({ value }) => value !== undefined)
  if (set.length === 0) return null
  /** Not lost with what was pressed: it comes to the next part, and then to the page. */
  const focusAfter = (index: number): void => {
    requestAnimationFrame(() => {
      const left = [...(group.current?.querySelectorAll('button') ?? [])]
      const next = left[Math.min(index, left.length - 2)] ?? document.getElementById('main')
      next?.focus()
    })
  }
  return (
    <Group gap={6} role="group" aria-label="Filters" ref={group} className="chips">
      <Text size="sm" c="dimmed">
        {lead}
      </Text>
      {set.map(({ what, value = '', lang, remove }, index) => {
        const take = (): void => {
          remove()
          focusAfter(index)
        }
        return (
          <Fragment key={what}>
            {index > 0 && (
              <Text size="sm" c="dimmed">
                and
              </Text>
            )}
            <span className="chip">
              <span className="wrap">
                {what}{' '}
                <span lang={lang}>
                  <Name text={value} most={60} />
                </span>
              </span>
              <CloseButton
                size="xs"
                aria-label={`Remove the filter: ${what} ${sayName(value, 60)}`}
                onClick={take}
                onKeyDown={({ key }) => {
                  if (key === 'Delete' || key === 'Backspace') take()
                }}
              />
            </span>
          </Fragment>
        )
      })}
      <Button
        size="compact-xs"
        variant="subtle"
        onClick={() => {
          onClear()
          focusAfter(0)
        }}
      >
        Clear
      </Button>
    </Group>
  )
}
