import type { AccessListDetailView } from '@gatehouse/api'
import { Button, Stack, Text } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Loaded } from '../../components/loaded.tsx'
import { PageLink } from '../../components/link.tsx'
import { membersQuery } from './lists-query.ts'

/** The lists around a list: those it is in and owns, and those in it, opened level by level. */
export function Nesting({ list }: { readonly list: AccessListDetailView }) {
  const { memberOf, ownerOf, memberCount } = list
  return (
    <Stack gap="xs">
      <Around words="Is in" lists={memberOf} />
      <Around words="Owns" lists={ownerOf} />
      {memberCount !== undefined && <Inside id={list.id} depth={0} />}
    </Stack>
  )
}

function Around({ words, lists }: { readonly words: string; readonly lists: AccessListDetailView['memberOf'] }) {
  if (lists.length === 0) return null
  return (
    <div>
      <Text size="sm" c="dimmed">
        {words}
      </Text>
      {lists.map(({ id, title }) => (
        <div key={id}>
          <PageLink to="/access-lists/$id" params={{ id }} size="sm" className="wrap">
            {title}
          </PageLink>
        </div>
      ))}
    </div>
  )
}

/** As deep as lists may be in one another. */
const DEEPEST = 10

function Inside({ id, depth }: { readonly id: string; readonly depth: number }) {
  const query = useInfiniteQuery(membersQuery(id, { kind: 'list' }))
  return (
    <Loaded query={query}>
      {(lists) =>
        lists.length === 0 ? (
          <Text size="sm" c="dimmed">
            No list is in it.
          </Text>
        ) : (
          <div>
            {depth === 0 && (
              <Text size="sm" c="dimmed">
                Lists in it
              </Text>
            )}
            <ul className="tree">
              {lists.map(({ name, title }) => (
                <Branch key={name} id={name} title={title ?? name} depth={depth + 1} />
              ))}
            </ul>
          </div>
        )
      }
    </Loaded>
  )
}

function Branch({ id, title, depth }: { readonly id: string; readonly title: string; readonly depth: number }) {
  const [isOpen, setOpen] = useState(false)
  const Chevron = isOpen ? IconChevronDown : IconChevronRight
  return (
    <li>
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        aria-expanded={isOpen}
        aria-label={`Lists in ${title}`}
        disabled={depth >= DEEPEST}
        onClick={() => setOpen(!isOpen)}
      >
        <Chevron size={14} aria-hidden />
      </Button>
      <PageLink to="/access-lists/$id" params={{ id }} size="sm" className="wrap">
        {title}
      </PageLink>
      {isOpen && <Inside id={id} depth={depth} />}
    </li>
  )
}
