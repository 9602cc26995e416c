import { CopyButton } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { Name } from './name.tsx'

/** Text to be typed elsewhere, with a button that copies it. Tables have one in each row: it is of elements as they are. */
export function Copy({ text, what }: { readonly text: string; readonly what: string }) {
  return (
    <div className="copy">
      <span className="mono">
        <Name text={text} most={300} />
      </span>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <button
            type="button"
            className="icon-button"
            onClick={copy}
            aria-label={`Copy ${what}`}
            data-tip={copied ? 'Copied' : `Copy ${what}`}
          >
            {copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />}
          </button>
        )}
      </CopyButton>
    </div>
  )
}
