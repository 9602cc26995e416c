import { VisuallyHidden } from '@mantine/core'
import { useIsWaiting } from '../components/waiting.ts'

/** Said once, however many parts of a page are waited for. */
export function LoadingWord() {
  const isWaiting = useIsWaiting()
  return <VisuallyHidden role="status">{isWaiting && 'Loading'}</VisuallyHidden>
}
