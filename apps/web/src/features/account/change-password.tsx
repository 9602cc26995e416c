import { ApiProblem } from '@gatehouse/api'
import { Button, PasswordInput, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { client, queryClient } from '../../app/client.ts'
import { useSession } from '../../app/session.ts'
import { Problem } from '../../components/problem.tsx'
import { showToast } from '../../components/toasts.tsx'
import { SESSIONS } from './account-query.ts'

const SHORTEST = 12
const LONGEST = 1024
const NOTHING = { current: '', password: '', repeated: '' }
type Fields = typeof NOTHING

export function ChangePassword() {
  const user = useSession()?.user.name ?? ''
  const [typed, setTyped] = useState<Fields>(NOTHING)
  const [looked, setLooked] = useState<ReadonlySet<keyof Fields>>(new Set())
  const change = useMutation({
    mutationFn: ({ current, password }: Fields) => client.changePassword({ body: { current, password } }),
    onSuccess() {
      setTyped(NOTHING)
      setLooked(new Set())
      showToast('Your password is changed. All your other sessions have ended.')
      void queryClient.invalidateQueries({ queryKey: SESSIONS })
    },
  })
  const wrong = wrongIn(typed)
  const refused = refusalOf(change.error)
  const field = (name: keyof Fields) => ({
    required: true,
    maxLength: LONGEST,
    value: typed[name],
    error: refused[name] ?? (looked.has(name) ? wrong[name] : undefined),
    onBlur: () => typed[name] !== '' && setLooked(new Set([...looked, name])),
    onChange: ({ currentTarget: { value } }: { readonly currentTarget: { readonly value: string } }) => {
      setTyped({ ...typed, [name]: value })
      if (change.isError) change.reset()
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        setLooked(new Set(['current', 'password', 'repeated']))
        if (Object.keys(wrong).length === 0) change.mutate(typed)
      }}
    >
      <Stack maw={400}>
        {/* Tells a password manager whose it is. */}
        <input type="text" autoComplete="username" value={user} readOnly hidden />
        <PasswordInput label="Present password" autoComplete="current-password" {...field('current')} />
        <PasswordInput
          label="New password"
          description={`At least ${SHORTEST} characters. A few unrelated words are easy to remember.`}
          autoComplete="new-password"
          {...field('password')}
        />
        <PasswordInput label="The new one again" autoComplete="new-password" {...field('repeated')} />
        {change.isError && Object.keys(refused).length === 0 && <Problem error={change.error} />}
        <Button type="submit" loading={change.isPending} style={{ alignSelf: 'flex-start' }}>
          Change password
        </Button>
      </Stack>
    </form>
  )
}

type Complaints = Partial<Record<keyof Fields, string>>

const wrongIn = ({ current, password, repeated }: Fields): Complaints => ({
  ...(current === '' ? { current: 'Enter your present password.' } : {}),
  ...(password.length < SHORTEST ? { password: `Enter ${SHORTEST} characters or more.` } : {}),
  ...(repeated === password ? {} : { repeated: 'The two differ. Enter the same password twice.' }),
})

/** What the server has against one of them, beside its field. */
function refusalOf(error: unknown): Complaints {
  if (!(error instanceof ApiProblem)) return {}
  if (error.details.field === 'body.current') return { current: 'This is not your present password.' }
  return error.details.field === 'body.password' ? { password: error.remedy } : {}
}
