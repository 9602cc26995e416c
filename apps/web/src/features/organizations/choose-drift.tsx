import type { DriftFindingView } from '@gatehouse/api'
import { Button, Group, NativeSelect, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { formatCount } from '../../components/format-count.ts'
import { Problem } from '../../components/problem.tsx'
import { DRIFT_KINDS, type DriftKind } from './drift-kinds.ts'

/** Which kind is shown, and a choice of all of it, also of what has not been read yet. */
export function ChooseDrift({
  drift,
  total,
  kind,
  chosen,
  may,
  readAll,
  onKind,
  onChoose,
}: {
  /** What has been read, of so many. */
  readonly drift: readonly DriftFindingView[]
  readonly total: number
  readonly kind: DriftKind | undefined
  /** How many are. */
  readonly chosen: number
  readonly may: boolean
  readonly readAll: () => Promise<readonly DriftFindingView[]>
  readonly onKind: (kind: DriftKind | undefined) => void
  readonly onChoose: (keys: ReadonlySet<string>) => void
}) {
  const isWhole = drift.length >= total
  const isMeant = (finding: DriftFindingView): boolean => kind === undefined || finding.kind === kind
  const all = useMutation({
    mutationFn: readAll,
    onSuccess: (read) => onChoose(new Set(read.filter(isMeant).map(({ operation }) => operation.key))),
  })
  const kinds = DRIFT_KINDS.filter(([one]) => !isWhole || drift.some((finding) => finding.kind === one))
  const count = isWhole ? drift.filter(isMeant).length : kind === undefined ? total : undefined
  return (
    <>
      <Group align="flex-end" gap="xs">
        {(kinds.length > 1 || kind !== undefined) && (
          <NativeSelect
            label="Kind of change"
            value={kind ?? ''}
            data={[{ value: '', label: 'All kinds' }, ...kinds.map(([value, label]) => ({ value, label }))]}
            onChange={({ currentTarget: { value } }) => onKind(kinds.find(([one]) => one === value)?.[0])}
          />
        )}
        <Button variant="default" disabled={!may} loading={all.isPending} onClick={() => all.mutate()}>
          {count === undefined ? 'Choose all of this kind' : `Choose all ${formatCount(count)}`}
        </Button>
        <Button variant="default" disabled={chosen === 0} onClick={() => onChoose(new Set())}>
          Choose none
        </Button>
      </Group>
      {all.isError && <Problem error={all.error} />}
      <Text size="sm" role="status">
        {formatCount(chosen)} of {formatCount(total)} chosen
      </Text>
    </>
  )
}
