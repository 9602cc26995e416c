import { TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useState } from 'react'

const WAIT_MS = 200

/** What is typed shows at once and is looked for after a pause; the page keeps it in its address. */
export function SearchField({
  label,
  value,
  onSearch,
}: {
  readonly label: string
  readonly value: string | undefined
  readonly onSearch: (text: string | undefined) => void
}) {
  const [typed, setTyped] = useState(value ?? '')
  const [asked, setAsked] = useState(value)
  const [seen, setSeen] = useState(value)
  const search = useDebouncedCallback((text: string) => {
    const next = text.trim() === '' ? undefined : text
    setAsked(next)
    onSearch(next)
  }, WAIT_MS)
  // The address has changed by another way, such as a link to this page or going back.
  if (value !== seen) {
    setSeen(value)
    if (value !== asked) {
      setAsked(value)
      setTyped(value ?? '')
    }
  }
  return (
    <TextInput
      aria-label={label}
      placeholder={label}
      type="search"
      maxLength={256}
      leftSection={<IconSearch size={15} aria-hidden />}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value)
        search(event.currentTarget.value)
      }}
      w={{ base: '100%', xs: 300 }}
    />
  )
}
