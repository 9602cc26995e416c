import { useConnection } from './changes.ts'

/** Says when a page can't be kept as things are. */
export function ConnectionBar() {
  const isLost = useConnection() === 'lost'
  return (
    <div role="status" className="connection">
      {isLost && 'The connection to the server is lost, so this page may be out of date. Trying again…'}
    </div>
  )
}
