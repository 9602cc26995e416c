import { Kbd, Modal, Table } from '@mantine/core'
import { useDisclosure, useWindowEvent } from '@mantine/hooks'
import type { ReactNode } from 'react'

export interface PageKey {
  readonly key: string
  /** What it does, as the dialog says it. */
  readonly words: string
  /** Absent where the browser does it by itself. */
  readonly run?: (() => void) | undefined
}

const EVERYWHERE: readonly PageKey[] = [
  { key: '/', words: 'search or jump to' },
  { key: '?', words: 'show these keys' },
]

/** Keys of a page, unless somebody types or something is open before it; `?` shows them. None at all where there are none. */
export function usePageKeys(keys: readonly PageKey[]): { readonly dialog: ReactNode; readonly show: () => void } {
  const [isShown, { open, close }] = useDisclosure()
  useWindowEvent('keydown', (event) => {
    if (keys.length === 0 || isForAnother(event)) return
    const run = event.key === '?' ? open : keys.find(({ key }) => key === event.key)?.run
    if (!run) return
    event.preventDefault()
    run()
  })
  return { show: open, dialog: <Keys keys={[...keys, ...EVERYWHERE]} opened={isShown} onClose={close} /> }
}

/** Whoever types, chooses from a menu or answers a question means that. */
function isForAnother(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return true
  const { target } = event
  if (target instanceof HTMLInputElement && target.type !== 'checkbox' && target.type !== 'radio') return true
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true
  if (target instanceof Element && target.closest('[role="menu"], [role="listbox"]') !== null) return true
  return document.querySelector('[role="dialog"]') !== null
}

const Keys = ({
  keys,
  opened,
  onClose,
}: {
  readonly keys: readonly PageKey[]
  readonly opened: boolean
  readonly onClose: () => void
}) => (
  <Modal opened={opened} onClose={onClose} title="Keys">
    <Table variant="vertical" withRowBorders={false}>
      <Table.Tbody>
        {keys.map(({ key, words }) => (
          <Table.Tr key={key}>
            <Table.Th w={80} scope="row">
              <Kbd>{key}</Kbd>
            </Table.Th>
            <Table.Td>{words}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </Modal>
)
