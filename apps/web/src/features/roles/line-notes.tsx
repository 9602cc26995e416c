import { type Ref, useLayoutEffect, useRef } from 'react'

export interface LineNote {
  readonly line: number
  readonly text: string
}

interface NotesProps {
  readonly ref: Ref<HTMLDivElement>
  /** The text that the notes are about. */
  readonly value: string
  readonly notes: readonly LineNote[]
  /** The line that somebody writes in. */
  readonly cursor: number | undefined
}

/**
 * Mistakes over the text: each behind its line, or under it where there is no room, and above it while somebody writes
 * in what it would cover. Screen readers are told by what stands below the editor.
 */
export function LineNotes({ ref, value, notes, cursor }: NotesProps) {
  const lines = value.split('\n')
  return (
    <div ref={ref} className="line-notes" aria-hidden>
      {notes.map(({ line, text }) => (
        <Note key={`${line} ${text}`} line={line} written={lines[line - 1] ?? ''} text={text} cursor={cursor} />
      ))}
    </div>
  )
}

/** As in app.css. */
const LINE_HEIGHT = 20

interface NoteProps extends LineNote {
  /** What stands in its line. */
  readonly written: string
  readonly cursor: number | undefined
}

function Note({ line, written, text, cursor }: NoteProps) {
  const row = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    if (!row.current) return
    const covered = Math.ceil(row.current.offsetHeight / LINE_HEIGHT) - 1
    const isInTheWay = cursor !== undefined && cursor > line && cursor <= line + covered
    row.current.dataset['place'] = !isInTheWay ? 'under' : covered < line ? 'above' : 'none'
  })
  return (
    <div ref={row} style={{ top: LINE_HEIGHT * (line - 1) }}>
      <span className="mono">{written}</span>
      <p>{text}</p>
    </div>
  )
}
