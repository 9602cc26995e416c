import type { PasswordLinkView } from '@gatehouse/api'
import { Alert, Stack, Text } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { Copy } from '../../components/copy.tsx'
import { TimeLeft } from '../../components/time.tsx'

/** The link is shown this once: the server keeps a hash of it only. */
export function PasswordLink({ link: { url, user, expiresAt } }: { readonly link: PasswordLinkView }) {
  return (
    <Stack gap="xs">
      <Text size="sm" className="wrap">
        Give this to {user} on a way that only they read. Whoever opens it sets the password.
      </Text>
      <Copy text={url} what="the link" />
      <Alert color="yellow" icon={<IconInfoCircle aria-hidden />}>
        It works once, <TimeLeft until={expiresAt} />, and is not shown again.
      </Alert>
    </Stack>
  )
}
