import { cut, tame } from './say-name.ts'

/** What people have called something, in whichever direction it is written; what is cut off is in its tooltip. */
export function Name({ text, most }: { readonly text: string; readonly most?: number }) {
  const shown = cut(text, most)
  const whole = tame(text)
  return <bdi {...(shown === whole ? {} : { title: whole })}>{shown}</bdi>
}
