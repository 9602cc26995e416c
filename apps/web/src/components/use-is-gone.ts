import { type RefObject, useEffect, useRef } from 'react'

/** Whether what asked is not there any more, for what is heard later. */
export function useIsGone(): RefObject<boolean> {
  const isGone = useRef(false)
  useEffect(() => {
    isGone.current = false
    return () => void (isGone.current = true)
  }, [])
  return isGone
}
