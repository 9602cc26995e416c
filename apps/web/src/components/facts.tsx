import { Fragment, type ReactNode } from 'react'
import { Name } from './name.tsx'

export type Fact = readonly [name: string, value: ReactNode]

/** What something is, line by line; what has no value is left out. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="facts">
      {facts
        .filter(([, value]) => value !== undefined && value !== '' && value !== false)
        .map(([name, value]) => (
          <Fragment key={name}>
            <dt className="wrap">
              <Name text={name} />
            </dt>
            <dd className="wrap">{typeof value === 'string' ? <Name text={value} most={300} /> : value}</dd>
          </Fragment>
        ))}
    </dl>
  )
}
