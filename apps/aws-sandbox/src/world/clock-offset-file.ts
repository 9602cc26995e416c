import { readFile } from 'node:fs/promises'
import type { Clock } from './clock.ts'

const READ_EVERY_MS = 100

/**
 * Keeps the clock where a file says: its text is the offset in milliseconds. A missing or empty file is an offset of 0; text that is no
 * number changes nothing, because it may be half written.
 */
export async function followOffsetFile(path: string, clock: Clock): Promise<{ stop(): void }> {
  const read = async () => {
    const offset = parseOffset(await readText(path))
    if (offset !== undefined) clock.setOffset(offset)
  }
  await read()
  const timer = setInterval(() => {
    read().catch((error: unknown) => console.error(`The clock offset file ${path} can't be read.`, error))
  }, READ_EVERY_MS)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}

function parseOffset(text: string): number | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return 0
  return /^-?\d+$/.test(trimmed) ? Number(trimmed) : undefined
}
