import { Button, PasswordInput, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { client, queryClient } from '../../app/client.ts'
import { useSession } from '../../app/session.ts'
import { NO_PLACE, required } from '../../components/complaints.ts'
import { Problem } from '../../components/problem.tsx'
import { showToast } from '../../components/toasts.tsx'
import { useFields } from '../../components/use-fields.ts'
import { SESSIONS } from './account-query.ts'

const SHORTEST = 12
const LONGEST = 1024
const NOTHING = { current: '', password: '', repeated: '' }
type Fields = typeof NOTHING

export function ChangePassword() {
  const user = useSession()?.user.name ?? ''
  const [typed, setTyped] = useState<Fields>(NOTHING)
  const fields = useFields({ values: typed, places: PLACES, wrong: wrongIn(typed) })
  const change = useMutation({
    mutationFn: ({ current, password }: Fields) => client.changePassword({ body: { current, password } }),
    onError: fields.refuse,
    onSuccess() {
      setTyped(NOTHING)
      fields.reset()
      showToast('Your password is changed. All your other sessions have ended.')
      void queryClient.invalidateQueries({ queryKey: SESSIONS })
    },
  })
  const field = (name: keyof Fields) => ({
    required: true,
    maxLength: LONGEST,
    value: typed[name],
    ...fields.at(name),
    onChange: ({ currentTarget: { value } }: { readonly currentTarget: { readonly value: string } }) =>
      setTyped({ ...typed, [name]: value }),
  })
  return (
    <form {...fields.form} onSubmit={fields.onSubmit(() => change.mutate(typed))}>
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
        {fields.problem !== undefined && <Problem error={fields.problem} />}
        <Button type="submit" loading={change.isPending} style={{ alignSelf: 'flex-start' }}>
          Change password
        </Button>
      </Stack>
    </form>
  )
}

const PLACES = { current: 'body.current', password: 'body.password', repeated: NO_PLACE }

const wrongIn = ({ current, password, repeated }: Fields) => ({
  current: required(current),
  password: password.length < SHORTEST ? `Enter ${SHORTEST} characters or more.` : undefined,
  repeated: repeated === password ? undefined : 'The two differ. Enter the same password twice.',
})
