import { Alert, Text } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { describe } from '../../components/problem.tsx'
import { formatCount } from '../../components/format-count.ts'
import type { Keeping, News } from './keep-draft.ts'

/** Where what is decided lies; only what is amiss is read aloud, and not every key press. */
export function ReviewKeeping({ keeping }: { readonly keeping: Keeping }) {
  return (
    <>
      {keeping.where === 'server' && (
        <Text size="sm" c="dimmed">
          Saved
        </Text>
      )}
      {keeping.where === 'on-its-way' && (
        <Text size="sm" c="dimmed">
          Saving…
        </Text>
      )}
      <div role="status">
        {'error' in keeping && (
          <Text size="sm" c="var(--warning)" className="wrap">
            {PLACES[keeping.where]}: {describe(keeping.error).title}
          </Text>
        )}
      </div>
    </>
  )
}

const PLACES = {
  browser: 'Kept in this browser only',
  page: 'Kept nowhere but in this window',
  unknown: 'What you decided before can’t be read',
} as const

/** What the same person has done in another window or at another machine meanwhile. */
export function ReviewNews({ news, onClose }: { readonly news: News | undefined; readonly onClose: () => void }) {
  return (
    <div role="status">
      {news !== undefined && (
        <Alert
          color="blue"
          icon={<IconInfoCircle aria-hidden />}
          withCloseButton
          closeButtonLabel="Close the note"
          onClose={onClose}
        >
          <Text size="sm" className="wrap">
            {sayNews(news)}
          </Text>
        </Alert>
      )}
    </div>
  )
}

function sayNews(news: News): string {
  if (news === 'begun-anew') return 'You have submitted this review elsewhere, or begun it anew there.'
  if (news === 'not-begun-anew')
    return 'It was not begun anew: you have decided something elsewhere meanwhile, or the server can’t be reached. Look at what is shown, and begin anew again.'
  const { taken, overruled, notes } = news
  return [
    taken > 0 && `What you decided about ${sayMembers(taken)} elsewhere is shown here now.`,
    overruled > 0 && `About ${sayMembers(overruled)} you decided otherwise elsewhere: what you decided here counts.`,
    notes !== undefined && `The notes that you typed here count. Elsewhere they are: “${notes}”`,
  ]
    .filter((sentence) => sentence !== false)
    .join(' ')
}

const sayMembers = (count: number): string => (count === 1 ? 'one member' : `${formatCount(count)} members`)
