import './yaml-editor.css'
import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { useMay } from '../../app/session.ts'
import { Name } from '../../components/name.tsx'
import { type Completion, completeRole } from './complete.ts'
import { catalogueQuery } from '../../components/catalogue.ts'
import { type LineNote, LineNotes } from './line-notes.tsx'

export interface LineMark {
  readonly line: number
  readonly kind: 'error' | 'warning'
}

interface EditorProps {
  readonly label: string
  readonly value: string
  readonly marks: readonly LineMark[]
  readonly notes: readonly LineNote[]
  readonly describedBy: string
  readonly onChange: (text: string) => void
}

/**
 * Plain text with numbered lines; those with a mistake are marked, and what it is stands at them. What may stand at the
 * cursor is offered below it while one types.
 */
export function YamlEditor({ label, value, marks, notes, describedBy, onChange }: EditorProps) {
  const numbers = useRef<HTMLOListElement>(null)
  const beside = useRef<HTMLDivElement>(null)
  const [cursor, setCursor] = useState<number>()
  const area = useRef<HTMLTextAreaElement>(null)
  const kinds = new Map(marks.map(({ line, kind }) => [line, kind]))
  const completion = useCompletion(value, onChange, area)
  return (
    <>
      <div className="editor">
        <ol ref={numbers} aria-hidden>
          {value.split('\n').map((_, index) => (
            // Lines are known by their number alone.
            <li key={`line ${index + 1}`} data-kind={kinds.get(index + 1)}>
              {index + 1}
            </li>
          ))}
        </ol>
        <div className="editor-text">
          <textarea
            ref={area}
            className="mono"
            id="yaml"
            aria-label={label}
            aria-describedby={describedBy}
            aria-invalid={marks.some(({ kind }) => kind === 'error')}
            aria-autocomplete="list"
            {...(completion.offered && {
              'aria-controls': 'yaml-offers',
              'aria-activedescendant': `yaml-offer-${completion.active}`,
            })}
            spellCheck={false}
            autoCapitalize="off"
            autoComplete="off"
            wrap="off"
            value={value}
            onChange={(event) => {
              onChange(event.currentTarget.value)
              completion.typed(event.currentTarget.value, event.currentTarget.selectionStart)
            }}
            onKeyDown={completion.onKey}
            onClick={completion.close}
            onSelect={({ currentTarget }) => setCursor(lineAt(currentTarget))}
            onBlur={() => {
              completion.close()
              setCursor(undefined)
            }}
            onScroll={({ currentTarget: { scrollTop, scrollLeft } }) => {
              if (numbers.current) numbers.current.scrollTop = scrollTop
              beside.current?.style.setProperty('--scroll-top', `${scrollTop}px`)
              beside.current?.style.setProperty('--scroll-left', `${scrollLeft}px`)
            }}
          />
          <LineNotes ref={beside} value={value} notes={notes} cursor={cursor} />
        </div>
      </div>
      <div className="offers">
        {completion.offered && (
          <ul id="yaml-offers" role="listbox" aria-label="What may stand here">
            {completion.offered.options.map(({ label: offer, insert }, index) => (
              <li
                key={insert}
                id={`yaml-offer-${index}`}
                role="option"
                aria-selected={index === completion.active}
                // Before the editor loses the focus.
                onMouseDown={(event) => {
                  event.preventDefault()
                  completion.take(index)
                }}
              >
                <Name text={offer} most={70} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </>
  )
}

const lineAt = ({ value, selectionStart }: HTMLTextAreaElement): number =>
  value.slice(0, selectionStart).split('\n').length

const NOTHING = { accounts: [], permissionSets: [] }

/** What is offered at the cursor, and the keys that go through it: arrows, Enter or Tab to take one, Escape to leave. */
function useCompletion(
  value: string,
  onChange: (text: string) => void,
  area: { readonly current: HTMLTextAreaElement | null },
) {
  const mayRead = useMay('list', 'aws_identity_center')
  const { data: catalogue = NOTHING } = useQuery({ ...catalogueQuery, enabled: mayRead })
  const [offered, setOffered] = useState<Completion>()
  const [active, setActive] = useState(0)
  const close = (): void => setOffered(undefined)
  const look = (text: string, cursor: number): void => {
    setActive(0)
    setOffered(completeRole(text, cursor, catalogue))
  }
  const take = (index: number): void => {
    const option = offered?.options[index]
    if (!offered || !option) return
    // At once: the next key must not come between the text and the place of the cursor.
    flushSync(() => {
      close()
      onChange(value.slice(0, offered.from) + option.insert + value.slice(offered.to))
    })
    const cursor = offered.from + option.insert.length
    area.current?.setSelectionRange(cursor, cursor)
  }
  const onKey = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.key === ' ' && event.ctrlKey) {
      event.preventDefault()
      return look(value, event.currentTarget.selectionStart)
    }
    if (!offered) return
    const { length } = offered.options
    const act = { ArrowDown: 1, ArrowUp: length - 1 }[event.key]
    if (act !== undefined) setActive((active + act) % length)
    else if (event.key === 'Enter' || event.key === 'Tab') take(active)
    else if (event.key === 'Escape') close()
    else return event.key.length === 1 || event.key === 'Backspace' ? undefined : close()
    event.preventDefault()
  }
  return {
    offered,
    active,
    close,
    take,
    onKey,
    /** Keys and values are offered once something of them stands there; all of them with Ctrl and the space bar. */
    typed: (text: string, cursor: number): void =>
      /[\w"'-]/.test(text[cursor - 1] ?? '') ? look(text, cursor) : close(),
  }
}

/** Puts the cursor at the beginning of a line. */
export function goToLine(line: number): void {
  const area = document.querySelector<HTMLTextAreaElement>('textarea#yaml')
  if (!area) return
  const before =
    area.value
      .split('\n')
      .slice(0, line - 1)
      .join('\n').length + (line > 1 ? 1 : 0)
  area.focus()
  area.setSelectionRange(before, before)
  area.scrollTop = Math.max(0, (line - 5) * 20)
}
