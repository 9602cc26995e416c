import { Button } from '@mantine/core'
import { IconExternalLink, IconStar, IconStarFilled } from '@tabler/icons-react'
import { useWindowVirtualizer, windowScroll } from '@tanstack/react-virtual'
import { memo, useCallback, useDeferredValue, useLayoutEffect, useRef, useState } from 'react'
import { Copy } from '../../components/copy.tsx'
import { Name } from '../../components/name.tsx'
import { sayName } from '../../components/say-name.ts'
import { State } from '../../components/state.tsx'
import { TimeLeft } from '../../components/time.tsx'
import type { CartRow } from './cart-draft.ts'
import type { FoundAccount } from './filter-accounts.ts'
import type { useRemembered } from './remembered.ts'
import type { Offered, OfferingAccount } from './resources-query.ts'

/** So many of an account's permission sets are shown until one asks for all: first what one has. */
const AT_FIRST = 6
/** How far below the page's edge the first account stands, in pixels, until that has been measured. */
const USUAL_TOP = 240

interface Choice {
  /** Whether accounts of several organizations are shown, so that each says of which it is. */
  readonly isOfSeveral: boolean
  /** Why signing in would be refused, by organization. */
  readonly denials: ReadonlyMap<string, string>
  readonly prefix: string
  readonly cart: ReadonlyMap<string, CartRow>
  readonly onToggle: (row: CartRow) => void
  readonly remembered: ReturnType<typeof useRemembered>
}

/**
 * Accounts with what the viewer has in each, and may ask for. Only what is on the screen is drawn, and only when it
 * changes: keys that are pressed above it don't wait for it.
 */
export const AccountList = memo(function AccountList({
  accounts,
  ...choice
}: { readonly accounts: readonly FoundAccount[] } & Choice) {
  const list = useRef<HTMLUListElement>(null)
  const [top, setTop] = useState(USUAL_TOP)
  // Asked for while it is drawn, it would make the browser lay out the page once more.
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0))
  const rows = useWindowVirtualizer({
    count: accounts.length,
    estimateSize: (index) => 58 + Math.min(accounts[index]?.sets.length ?? 0, AT_FIRST + 1) * 34,
    // What is beside the screen is drawn once what is on it has been.
    overscan: useDeferredValue(2, 0),
    scrollMargin: top,
    // The first rows are drawn at once, and not when the window has been measured.
    initialRect: { width: window.innerWidth, height: window.innerHeight },
    // It is told where the page is scrolled to, and has nothing to say to it, but when rows above turn out to be of another height.
    scrollToFn: (offset, options, instance) => {
      if (options.adjustments) windowScroll(offset, options, instance)
    },
    // Another one would be taken for other rows, whose places are all worked out anew.
    getItemKey: useCallback((index: number) => keyOf(accounts[index]?.account) ?? index, [accounts]),
  })
  return (
    <ul
      ref={list}
      style={{ height: rows.getTotalSize(), position: 'relative', margin: 0, padding: 0, listStyle: 'none' }}
    >
      {rows.getVirtualItems().map((row) => {
        const found = accounts[row.index]
        if (!found) return null
        return (
          <li
            key={row.key}
            ref={rows.measureElement}
            data-index={row.index}
            aria-setsize={accounts.length}
            aria-posinset={row.index + 1}
            style={{
              position: 'absolute',
              top: 0,
              left: 0,
              right: 0,
              transform: `translateY(${row.start - rows.options.scrollMargin}px)`,
              borderTop: '1px solid var(--line)',
            }}
          >
            <Account found={found} {...choice} />
          </li>
        )
      })}
    </ul>
  )
})

/** An account that moves from one organization to another may be in both for a while. */
const keyOf = (account: OfferingAccount | undefined): string | undefined =>
  account && `${account.organization}/${account.account}`

/** Drawn by the hundred: of elements as they are, not of components, each of which takes longer than a row may. */
const Account = memo(function Account({
  found: { account, sets },
  prefix,
  cart,
  onToggle,
  remembered,
  isOfSeveral,
  denials,
}: { readonly found: FoundAccount } & Choice) {
  const [isOpen, setOpen] = useState(false)
  const isFavourite = remembered.favourites.includes(account.account)
  const isWhole = isOpen || sets.length <= AT_FIRST + 1
  return (
    <div className="account">
      <div className="account-head">
        <span className="wrap account-name">
          <Name text={account.accountName} />
        </span>
        <Copy text={account.account} what="the account id" />
        <button
          type="button"
          className="icon-button star"
          aria-pressed={isFavourite}
          aria-label={`Favourite ${sayName(account.accountName)}`}
          onClick={() => remembered.mark(account.account)}
        >
          {isFavourite ? <IconStarFilled size={15} aria-hidden /> : <IconStar size={15} aria-hidden />}
        </button>
        {isOfSeveral && (
          <span className="clip tag" data-kind="organization">
            <Name text={account.organization} />
          </span>
        )}
        {account.path !== undefined && <span className="clip dimmed">{account.path}</span>}
        {Object.entries(account.tags).map(([key, value]) => (
          <span key={key} className="clip tag">
            {key}: {value}
          </span>
        ))}
      </div>
      {(isWhole ? sets : sets.slice(0, AT_FIRST)).map((set) => {
        const resourceId = `${prefix}${account.account}--${set.resource}`
        return (
          <PermissionSet
            key={set.arn}
            account={account}
            set={set}
            resourceId={resourceId}
            denial={denials.get(account.organization)}
            isChosen={cart.has(resourceId)}
            onToggle={onToggle}
            remembered={remembered}
          />
        )
      })}
      {!isWhole && (
        <Button size="compact-xs" variant="subtle" onClick={() => setOpen(true)} style={{ alignSelf: 'flex-start' }}>
          Show all {sets.length}
        </Button>
      )}
    </div>
  )
})

const PermissionSet = memo(function PermissionSet({
  account,
  set,
  resourceId,
  denial,
  isChosen,
  onToggle,
  remembered,
}: {
  readonly account: OfferingAccount
  readonly set: Offered
  readonly resourceId: string
  readonly denial: string | undefined
  readonly isChosen: boolean
} & Pick<Choice, 'onToggle' | 'remembered'>) {
  return (
    <div className="offer">
      <input
        type="checkbox"
        className="tick"
        disabled={!set.requestable}
        checked={isChosen}
        onChange={() => {
          onToggle({ resourceId, title: `${set.name} on ${account.accountName}` })
          if (!isChosen) remembered.visit(account.account)
        }}
        aria-label={`Ask for ${sayName(set.name)} on ${sayName(account.accountName)}`}
      />
      <span className="wrap offer-name">
        <Name text={set.name} />
      </span>
      <State state={set.access} label={WORDS[set.access]} />
      {set.until !== undefined && (
        <span className="dimmed">
          <TimeLeft until={set.until} />
        </span>
      )}
      {set.access === 'granted' && denial !== undefined && <span className="wrap">{denial}</span>}
      {set.access === 'granted' && denial === undefined && (
        <a
          className="small-button"
          href={deepLink(account, set.name)}
          onClick={() => remembered.visit(account.account)}
          target="_blank"
          rel="noreferrer"
        >
          Log In
          <IconExternalLink size={13} aria-hidden />
        </a>
      )}
      <span className="clip dimmed offer-about">{set.description}</span>
    </div>
  )
})

const WORDS = { granted: 'you have it', pending: 'on its way to AWS', requestable: 'may be asked for' } as const

/** The portal's own deep link to an account and role (AWS IAM Identity Center User Guide, "Creating shortcut links"). */
const deepLink = ({ portalUrl, account }: OfferingAccount, role: string): string => {
  const [address = portalUrl] = portalUrl.split('#')
  const query = new URLSearchParams({ account_id: account, role_name: role })
  return `${address.replace(/\/$/, '')}/#/console?${query.toString()}`
}
