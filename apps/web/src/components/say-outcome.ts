import { describe } from './problem.tsx'
import { showToast } from './toasts.tsx'

/** Does what a toast offers, and says in another how that went. */
export async function sayOutcome(
  run: () => Promise<unknown>,
  { done, refused }: { readonly done: string; readonly refused: string },
): Promise<void> {
  try {
    await run()
    showToast(done)
  } catch (error) {
    const { title, remedy } = describe(error)
    showToast(`${refused}: ${title} ${remedy}`)
  }
}
