import { Text } from '@mantine/core'
import { client } from '../../app/client.ts'
import { textOf } from '../../components/apply-change.tsx'
import { Confirm } from '../../components/confirm.tsx'
import { sayOutcome } from '../../components/say-outcome.ts'
import { showToast } from '../../components/toasts.tsx'
import { hasEnded, type LockView, readLocksAgain, sayLocked } from './locks-query.ts'

/** The same lock once more, until the same end. */
async function lockAgain(lock: LockView): Promise<void> {
  const { id, kind, target, message, expires } = lock
  const spec = { target: { [kind]: target }, message, ...(expires === undefined ? {} : { expires }) }
  const text = textOf({ kind: 'lock', version: 'v2', metadata: { name: id }, spec })
  await sayOutcome(() => client.applyDocuments({ body: { text, mode: 'create' } }), {
    done: `The ${sayLocked(lock)} is locked again.`,
    refused: `The ${sayLocked(lock)} is not locked again`,
  })
  readLocksAgain()
}

interface RemoveProps {
  readonly lock: LockView | undefined
  readonly onClose: () => void
  readonly onDone?: () => void
}

export function RemoveLock({ lock, onClose, onDone }: RemoveProps) {
  if (!lock) return null
  const words = sayLocked(lock)
  return (
    <Confirm
      opened
      onClose={onClose}
      title={`Remove the lock on the ${words}?`}
      verb="Remove lock"
      run={() => client.deleteDocument({ params: { kind: 'lock', name: lock.id } })}
      onDone={() => {
        showToast(
          `The ${words} is not locked any more.`,
          hasEnded(lock) ? undefined : { verb: 'Lock again', run: () => void lockAgain(lock) },
        )
        readLocksAgain()
        onDone?.()
      }}
    >
      <Text size="sm" className="wrap">
        The {words} counts again at once: what roles, lists and requests give goes back to AWS within seconds.
      </Text>
    </Confirm>
  )
}
