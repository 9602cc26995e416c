import { contract, type EnrolmentView } from '@gatehouse/api'
import { Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { complaintsOf, refusalOf, required as sayMissing } from '../../components/complaints.ts'
import { describe } from '../../components/problem.tsx'
import { useDraft } from '../../components/use-draft.ts'
import { Overtaken, useSave } from './save-draft.ts'

type Given = EnrolmentView['given']
type TextField = {
  [Field in keyof Given]-?: Exclude<Given[Field], undefined> extends string
    ? string extends Exclude<Given[Field], undefined>
      ? Field
      : never
    : never
}[keyof Given]

interface Typed {
  readonly text: string
  readonly from: string
}

function parseTyped(kept: unknown): Typed | undefined {
  if (typeof kept !== 'object' || kept === null || !('text' in kept) || !('from' in kept)) return undefined
  return typeof kept.text === 'string' && typeof kept.from === 'string'
    ? { text: kept.text, from: kept.from }
    : undefined
}

/** A text of the enrolment: kept in this browser while it is typed, and with the enrolment once the field is left. */
function useDraftText(enrolment: EnrolmentView, field: TextField) {
  const saved = enrolment.given[field] ?? ''
  const draft = useDraft<Typed>(`enrolment.${enrolment.name}.${field}`, { text: '', from: '' }, parseTyped)
  const save = useSave(enrolment.name)
  const { text, from } = draft.isKept ? draft.value : { text: saved, from: saved }
  const latest = useRef(text)
  useEffect(() => {
    latest.current = text
  }, [text])
  const write = (typed: string, base: string | undefined): void => {
    const wanted = typed.trim()
    if (wanted === saved && base !== undefined) {
      draft.clear()
      save.reset()
      return
    }
    save.mutate(
      {
        changes: { [field]: wanted === '' ? null : wanted },
        ...(base === undefined ? {} : { from: { [field]: base === '' ? undefined : base } }),
      },
      {
        onSuccess() {
          // Somebody may have typed on while it was saved.
          const now = latest.current
          if (now.trim() === wanted || now.trim() === saved) draft.clear()
          else draft.set({ text: now, from: wanted })
        },
      },
    )
  }
  return {
    text,
    problem: save.error,
    set: (typed: string): void => draft.set({ text: typed, from: draft.isKept ? from : saved }),
    /** The field is left. */
    commit: (): void => {
      if (draft.isKept && !save.isPending) write(text, from)
    },
    saveMine: (): void => write(text, undefined),
    takeTheirs: (): void => {
      draft.clear()
      save.reset()
    },
  }
}

type DraftText = ReturnType<typeof useDraftText>

export function DraftInput({
  enrolment,
  field,
  label,
  description,
  placeholder,
  required = false,
  isAsked = false,
  isMono = false,
  lines,
}: {
  readonly enrolment: EnrolmentView
  readonly field: TextField
  readonly label: string
  readonly description?: string
  readonly placeholder?: string
  readonly required?: boolean
  /** Whether the form that it stands in was sent already. */
  readonly isAsked?: boolean
  readonly isMono?: boolean
  /** A larger field, for text of several lines. */
  readonly lines?: number
}) {
  const typed = useDraftText(enrolment, field)
  const [isLeft, setLeft] = useState(false)
  const wrong = wrongIn(field, typed.text, required)
  const leave = (): void => {
    setLeft(true)
    // An empty field takes back what was given; what can't be read stays here until it can.
    if (wrong === undefined || typed.text.trim() === '') typed.commit()
  }
  const shared = {
    label,
    withAsterisk: required,
    value: typed.text,
    error:
      (isLeft || isAsked ? wrong : undefined) ??
      refusalOf(typed.problem, { field: `body.${field}` }).field ??
      sayProblem(typed.problem),
    ...(description === undefined ? {} : { description }),
    ...(placeholder === undefined ? {} : { placeholder }),
    ...(isMono ? { classNames: { input: 'mono' } } : {}),
    onBlur: leave,
    autoComplete: 'off',
    spellCheck: false,
  }
  return (
    <Stack gap={4}>
      {lines === undefined ? (
        <TextInput
          {...shared}
          onChange={(event) => typed.set(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') leave()
          }}
        />
      ) : (
        <Textarea
          {...shared}
          autosize
          minRows={lines}
          maxRows={lines * 3}
          maxLength={200_000}
          onChange={(event) => typed.set(event.currentTarget.value)}
        />
      )}
      <Conflict typed={typed} label={label} />
    </Stack>
  )
}

/** What the contract has against it, or that it is still missing. */
function wrongIn(field: TextField, text: string, isRequired: boolean): string | undefined {
  if (text.trim() === '') return isRequired ? sayMissing(text) : undefined
  return complaintsOf(contract.editEnrolment, { [field]: text.trim() }, { field: `body.${field}` }).field
}

/** Both values are there: what stands in the field, and what somebody else has saved. */
function Conflict({ typed, label }: { readonly typed: DraftText; readonly label: string }) {
  const { problem } = typed
  if (!(problem instanceof Overtaken)) return null
  return (
    <Group gap="xs" role="alert">
      <Text size="sm" className="wrap">
        {problem.by} has saved: <span className="mono">{sayTheirs(problem.theirs)}</span>
      </Text>
      <Button size="compact-xs" variant="default" aria-label={`Save mine: ${label}`} onClick={typed.saveMine}>
        Save mine
      </Button>
      <Button size="compact-xs" variant="default" aria-label={`Take theirs: ${label}`} onClick={typed.takeTheirs}>
        Take theirs
      </Button>
    </Group>
  )
}

const sayTheirs = (theirs: unknown): string => (typeof theirs === 'string' ? theirs.slice(0, 200) : 'nothing')

export function sayProblem(error: unknown): string | undefined {
  if (error === null || error === undefined) return undefined
  if (error instanceof Overtaken) return error.message
  const { title, remedy } = describe(error)
  return `${title} ${remedy}`
}
