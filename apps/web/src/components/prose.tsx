import { Anchor } from '@mantine/core'
import { useState } from 'react'
import { formatCount } from './format-count.ts'
import { cut, tame } from './say-name.ts'

const MOST = 600

/** What people have written: the beginning of it, and the rest when it is asked for. */
export function Prose({ text }: { readonly text: string }) {
  const [isWhole, setWhole] = useState(false)
  const [beginning, whole] = [cut(text, MOST), tame(text)]
  return (
    <>
      <bdi className="wrap">{isWhole ? whole : beginning}</bdi>
      {beginning !== whole && (
        <>
          {' '}
          <Anchor component="button" type="button" inherit onClick={() => setWhole(!isWhole)}>
            {isWhole ? 'Show less' : `Show all ${formatCount(text.length)} characters`}
          </Anchor>
        </>
      )}
    </>
  )
}
