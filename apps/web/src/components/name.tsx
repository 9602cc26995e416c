import { cut } from './say-name.ts'

/** What people have called something, in whichever direction it is written; what is cut off is in its tooltip. */
export function Name({ text, most }: { readonly text: string; readonly most?: number }) {
  const shown = cut(text, most)
  return <bdi {...(shown === text ? {} : { title: text })}>{shown}</bdi>
}
