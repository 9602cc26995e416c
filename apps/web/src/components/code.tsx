import { ActionIcon, CopyButton } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'

/** Text of several lines to be read and copied. */
export function Code({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    <div className="code">
      <pre className="mono" tabIndex={0} role="group" aria-label={label}>
        {text}
      </pre>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <ActionIcon
            variant="default"
            className="code-copy"
            onClick={copy}
            aria-label={`Copy ${label}`}
            data-tip={copied ? 'Copied' : 'Copy'}
          >
            {copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />}
          </ActionIcon>
        )}
      </CopyButton>
    </div>
  )
}
