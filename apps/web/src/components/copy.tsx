import { ActionIcon, CopyButton, Group } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { Name } from './name.tsx'

/** Text to be typed elsewhere, with a button that copies it. */
export function Copy({ text, what }: { readonly text: string; readonly what: string }) {
  return (
    <Group gap={4} wrap="nowrap" className="copy">
      <span className="mono">
        <Name text={text} most={300} />
      </span>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <ActionIcon
            variant="subtle"
            color="gray"
            onClick={copy}
            aria-label={`Copy ${what}`}
            data-tip={copied ? 'Copied' : `Copy ${what}`}
          >
            {copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />}
          </ActionIcon>
        )}
      </CopyButton>
    </Group>
  )
}
