import { ApiProblem, ApiUnreachable } from '@gatehouse/api'
import { Alert, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { sayPlace } from './complaints.ts'
import { Name } from './name.tsx'

/** What happened, what to do, and what to quote to whoever runs the server. */
export function Problem({ error }: { readonly error: unknown }) {
  const { title, remedy, requestId } = describe(error)
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title={<Name text={title} most={600} />} role="alert">
      <Text size="sm" className="wrap">
        {remedy}
      </Text>
      {requestId !== '' && (
        <Text size="xs" mt={4} className="mono">
          Request {requestId}
        </Text>
      )}
    </Alert>
  )
}

export function describe(error: unknown): {
  readonly title: string
  readonly remedy: string
  readonly requestId: string
} {
  if (error instanceof ApiProblem) return { title: sayPlace(error), remedy: error.remedy, requestId: error.requestId }
  if (error instanceof ApiUnreachable) return { title: error.message, remedy: error.remedy, requestId: '' }
  const title = error instanceof Error ? error.message : String(error)
  return { title, remedy: 'Reload the page. If it stays so, tell whoever runs this server.', requestId: '' }
}
