import { Textarea } from '@mantine/core'
import { useState } from 'react'

type LabelFilter = readonly Readonly<Record<string, string>>[]

/** Users by their labels: each line is one kind of user, who has all labels of the line. */
export function LabelFilterInput({
  filter,
  problem,
  onLeave,
}: {
  readonly filter: LabelFilter
  readonly problem?: string | undefined
  readonly onLeave: (filter: Record<string, string>[]) => void
}) {
  const [typed, setTyped] = useState<string>()
  const [mistake, setMistake] = useState<string>()
  return (
    <Textarea
      label="Users who are pushed"
      description="Labels of users, such as team=cloud, env=prod. Each line is one more kind of user; no line, all users."
      classNames={{ input: 'mono' }}
      autosize
      minRows={2}
      maxRows={8}
      spellCheck={false}
      value={typed ?? sayLabels(filter)}
      error={mistake ?? problem}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={() => {
        if (typed === undefined) return
        const read = readLabels(typed)
        setMistake(read === undefined ? 'Enter label=value, divided by commas.' : undefined)
        if (read === undefined) return
        setTyped(undefined)
        onLeave(read)
      }}
    />
  )
}

export const sayLabels = (filter: LabelFilter): string =>
  filter
    .map((labels) =>
      Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(', '),
    )
    .join('\n')

/** `undefined` when a line can't be read. */
function readLabels(text: string): Record<string, string>[] | undefined {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const read = lines.map((line) => line.split(',').map((pair) => /^\s*([^=]+?)\s*=\s*(.*?)\s*$/.exec(pair)))
  if (read.some((pairs) => pairs.some((pair) => pair === null))) return undefined
  return read.map((pairs) => Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? ''])))
}
