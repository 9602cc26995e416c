/** Sets a password by a one-time link, as a person does on its page. */
export async function setPassword(link: string, password: string): Promise<void> {
  const { origin } = new URL(link)
  const response = await fetch(link, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ password, repeated: password }),
    redirect: 'manual',
  })
  if (response.status >= 400) throw new Error(`Setting a password was answered with ${response.status}.`)
}
