import { contract } from '@gatehouse/api'
import { Alert, Group, Modal, Stack, Table, Text, TextInput, Title } from '@mantine/core'
import { IconCloud } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { client } from '../../app/client.ts'
import { useMay } from '../../app/session.ts'
import { FormButtons } from '../../components/form-buttons.tsx'
import { PageLink } from '../../components/link.tsx'
import { Problem } from '../../components/problem.tsx'
import { State } from '../../components/state.tsx'
import { Time } from '../../components/time.tsx'
import { useFields } from '../../components/use-fields.ts'
import { enrolmentsQuery } from './enrolment-query.ts'
import { keepEnrolment } from './save-draft.ts'
import { nextStepOf, SAYS, titleOf } from './steps.ts'

const DEFAULT_NAME = 'aws-identity-center'

/** What can be integrated; whether it is open is in the address. */
export function AddIntegration({
  isOpen,
  taken,
  onClose,
}: {
  readonly isOpen: boolean
  /** Names that organizations have. */
  readonly taken: readonly string[]
  readonly onClose: () => void
}) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="What do you want to integrate?" size="lg">
      <Begin taken={taken} onClose={onClose} />
    </Modal>
  )
}

function Begin({ taken, onClose }: { readonly taken: readonly string[]; readonly onClose: () => void }) {
  const begun = useQuery(enrolmentsQuery).data?.items ?? []
  const names = new Set([...taken, ...begun.map(({ name }) => name)])
  const [typed, setTyped] = useState<string>()
  const name = typed ?? freeName(names)
  const navigate = useNavigate()
  const body = { name: name.trim() }
  const fields = useFields({ values: { name }, places: { name: 'body.name' }, sent: [contract.startEnrolment, body] })
  const begin = useMutation({
    mutationFn: () => client.startEnrolment({ body }),
    onError: fields.refuse,
    onSuccess(enrolment) {
      keepEnrolment(enrolment)
      return navigate({
        to: '/organizations/$name/enrolment/$step',
        params: { name: enrolment.name, step: nextStepOf(enrolment) },
      })
    },
  })
  return (
    <form {...fields.form} onSubmit={fields.onSubmit(() => begin.mutate())}>
      <Stack>
        <Alert color="gray" icon={<IconCloud aria-hidden />} title="AWS Identity Center">
          Seven steps, in any order and on any day. Nothing is written to AWS before you start it at the end.
        </Alert>
        <TextInput
          label="Name of the organization"
          description="As it is called here; it can’t be changed later."
          required
          data-autofocus
          maxLength={64}
          value={name}
          {...fields.at('name')}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        {fields.problem !== undefined && <Problem error={fields.problem} />}
        <FormButtons verb="Enrol AWS Identity Center" isBusy={begin.isPending} onLeave={onClose} />
      </Stack>
    </form>
  )
}

function freeName(taken: ReadonlySet<string>): string {
  if (!taken.has(DEFAULT_NAME)) return DEFAULT_NAME
  let number = 2
  while (taken.has(`${DEFAULT_NAME}-${number}`)) number++
  return `${DEFAULT_NAME}-${number}`
}

/** Begun by anybody, gone on with by anybody who may install. */
export function BegunEnrolments() {
  return useMay('create', 'plugin') ? <Begun /> : null
}

function Begun() {
  const items = useQuery(enrolmentsQuery).data?.items ?? []
  if (items.length === 0) return null
  return (
    <div>
      <Title order={2} mb="sm">
        Enrolments that were begun
      </Title>
      <section className="table-frame" aria-label="Enrolments that were begun" tabIndex={0}>
        <Table miw={640} aria-label="Enrolments that were begun">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>Goes on with</Table.Th>
              <Table.Th>Begun by</Table.Th>
              <Table.Th>Last changed</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((enrolment) => {
              const { name, startedBy, changedAt, steps } = enrolment
              const next = nextStepOf(enrolment)
              const state = steps.find(({ step }) => step === next)?.state ?? 'open'
              return (
                <Table.Tr key={name}>
                  <Table.Td className="clip">
                    <PageLink to="/organizations/$name/enrolment" params={{ name }} size="sm">
                      Go on with {name}
                    </PageLink>
                  </Table.Td>
                  <Table.Td>
                    <Group gap="xs" wrap="nowrap">
                      <Text size="sm">{titleOf(next)}</Text>
                      <State state={SAYS[state][0]} label={SAYS[state][1]} />
                    </Group>
                  </Table.Td>
                  <Table.Td className="clip">{startedBy}</Table.Td>
                  <Table.Td>
                    <Time at={changedAt} />
                  </Table.Td>
                </Table.Tr>
              )
            })}
          </Table.Tbody>
        </Table>
      </section>
    </div>
  )
}
