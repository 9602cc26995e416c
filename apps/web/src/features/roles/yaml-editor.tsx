import { useRef } from 'react'

export interface LineMark {
  readonly line: number
  readonly kind: 'error' | 'warning'
}

/** Plain text with numbered lines; those with a mistake are marked, and what it is stands below, one for each. */
export function YamlEditor({
  label,
  value,
  marks,
  describedBy,
  onChange,
}: {
  readonly label: string
  readonly value: string
  readonly marks: readonly LineMark[]
  readonly describedBy: string
  readonly onChange: (text: string) => void
}) {
  const numbers = useRef<HTMLOListElement>(null)
  const kinds = new Map(marks.map(({ line, kind }) => [line, kind]))
  return (
    <div className="editor">
      <ol ref={numbers} aria-hidden>
        {value.split('\n').map((_, index) => (
          // Lines are known by their number alone.
          <li key={`line ${index + 1}`} data-kind={kinds.get(index + 1)}>
            {index + 1}
          </li>
        ))}
      </ol>
      <textarea
        className="mono"
        id="yaml"
        aria-label={label}
        aria-describedby={describedBy}
        aria-invalid={marks.some(({ kind }) => kind === 'error')}
        spellCheck={false}
        autoCapitalize="off"
        wrap="off"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        onScroll={(event) => {
          if (numbers.current) numbers.current.scrollTop = event.currentTarget.scrollTop
        }}
      />
    </div>
  )
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
