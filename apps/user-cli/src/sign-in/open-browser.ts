import { spawn } from 'node:child_process'

/** Opens an address in the browser of whoever sits here, without waiting for it; `false` where there is no such thing. */
export async function openBrowser(address: string): Promise<boolean> {
  // The server names the address; nothing but a page may be opened on its word.
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) return false
  const program = process.platform === 'darwin' ? 'open' : 'xdg-open'
  const child = spawn(program, [new URL(address).href], { stdio: 'ignore', detached: true })
  return new Promise((resolve) => {
    child.once('error', () => resolve(false))
    child.once('spawn', () => {
      child.unref()
      resolve(true)
    })
  })
}
