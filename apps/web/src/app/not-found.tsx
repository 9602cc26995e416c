import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Empty, Page } from '../components/page.tsx'

export function NotFound() {
  return (
    <Page title="There is nothing at this address">
      <Empty action={<Anchor renderRoot={(props) => <Link to="/" {...props} />}>Go to the start page</Anchor>}>
        It may have been removed, or the address is not spelled right.
      </Empty>
    </Page>
  )
}
