import { Button, Stack, Textarea } from '@mantine/core'
import { useState } from 'react'
import { Consequences } from '../../components/consequences.tsx'
import { useDraft } from '../../components/use-draft.ts'

const parseText = (kept: unknown): string | undefined => (typeof kept === 'string' ? kept : undefined)

/** Documents that are tried and not saved. */
export function WhatIf() {
  const { value: text, set: setText } = useDraft('what-if', '', parseText)
  const [asked, setAsked] = useState('')
  return (
    <Stack>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          setAsked(text)
        }}
      >
        <Textarea
          label="Roles, lists or users as YAML, as in “tctl apply”"
          description="Nothing is saved."
          autosize
          minRows={10}
          maxRows={24}
          spellCheck={false}
          classNames={{ input: 'mono' }}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
        <Button type="submit" mt="sm" disabled={text.trim() === ''}>
          Show who would gain and lose
        </Button>
      </form>
      {asked !== '' && <Consequences text={asked} />}
    </Stack>
  )
}
