import { Anchor, List, Text, VisuallyHidden } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import type { Finding } from './check-query.ts'
import type { LineNote } from './line-notes.tsx'
import { goToLine } from './yaml-editor.tsx'

/** A mistake is read at its line, where one is known. */
export const noteOf = ({ kind, line, message, remedy }: Finding): readonly LineNote[] =>
  kind === 'error' && line !== undefined ? [{ line, text: `${message} ${remedy}` }] : []

/**
 * What is wrong or worth knowing, with the way to its line. What stands in the editor is only told here to those who
 * can't see it there.
 */
export function Findings({
  findings,
  isChecked,
}: {
  readonly findings: readonly Finding[]
  readonly isChecked: boolean
}) {
  return (
    <div id="findings" role="status" className="findings">
      {findings.length === 0 ? (
        isChecked && (
          <Text size="sm">
            <IconCircleCheck size={15} aria-hidden className="inline-icon" /> It can be read, and there is nothing to
            warn of.
          </Text>
        )
      ) : (
        <List size="sm" listStyleType="none" spacing={4}>
          {findings.map((finding) => (
            <List.Item key={`${finding.line} ${finding.message}`} className="wrap">
              <FindingLine {...finding} />
            </List.Item>
          ))}
        </List>
      )}
    </div>
  )
}

function FindingLine(finding: Finding) {
  const { line, kind, message, remedy } = finding
  return (
    <>
      <IconAlertTriangle
        size={15}
        aria-label={kind === 'error' ? 'Mistake' : 'Warning'}
        className={kind === 'error' ? 'inline-icon loss' : 'inline-icon warn'}
      />{' '}
      {line !== undefined && (
        <>
          <Anchor component="button" type="button" size="sm" onClick={() => goToLine(line)}>
            Line {line}
          </Anchor>
          {': '}
        </>
      )}
      {noteOf(finding).length === 0 ? (
        `${message} ${remedy}`
      ) : (
        <>
          <span aria-hidden>what is wrong stands there.</span>
          <VisuallyHidden>
            {message} {remedy}
          </VisuallyHidden>
        </>
      )}
    </>
  )
}
