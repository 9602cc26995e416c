import { useEffect } from 'react'
import { followChanges, useConnection } from './changes.ts'

/** Keeps every page as things are, and says when it can't. */
export function ConnectionBar() {
  useEffect(followChanges, [])
  const isLost = useConnection() === 'lost'
  return (
    <div role="status" className="connection">
      {isLost && 'The connection to the server is lost, so this page may be out of date. Trying again…'}
    </div>
  )
}
