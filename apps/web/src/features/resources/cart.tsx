import { Affix, Button, Drawer } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { Loaded } from '../../components/loaded.tsx'
import type { CartDraft, CartRow } from './cart-draft.ts'

export interface CartProps {
  readonly draft: CartDraft
  readonly onToggle: (row: CartRow) => void
  readonly onChange: (draft: CartDraft) => void
  readonly onDone: () => void
}

/** Nobody needs it before something is ticked. */
const RequestForm = lazy(async () => ({ default: (await import('./request-form.tsx')).RequestForm }))
const WAITING = { data: undefined, isError: false, error: undefined }

/** What was ticked, and the request that it becomes. */
export function Cart({
  isOpen,
  onOpen,
  ...props
}: CartProps & { readonly isOpen: boolean; readonly onOpen: (isOpen: boolean) => void }) {
  const { length } = props.draft.rows
  if (length === 0) return null
  return (
    <>
      <Affix position={{ bottom: 20, right: 20 }} hidden={isOpen}>
        <Button size="md" onClick={() => onOpen(true)}>
          Request access to {length}
        </Button>
      </Affix>
      <Drawer
        opened={isOpen}
        onClose={() => onOpen(false)}
        position="right"
        title="Request access"
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        <Suspense fallback={<Loaded query={WAITING}>{() => null}</Loaded>}>
          <RequestForm {...props} />
        </Suspense>
      </Drawer>
    </>
  )
}
