import type { EnrolmentView } from '@gatehouse/api'
import { Alert, Button, Checkbox, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { IconCircleCheck, IconInfoCircle } from '@tabler/icons-react'
import { skipToken, useMutation, useQuery } from '@tanstack/react-query'
import { client, queryClient } from '../../app/client.ts'
import { Loaded } from '../../components/loaded.tsx'
import { Problem } from '../../components/problem.tsx'
import { Section } from '../../components/section.tsx'
import { DraftInput, sayProblem } from './draft-text.tsx'
import { addressQuery, stepOf } from './enrolment-query.ts'
import { type CheckedRole, Permissions } from './permissions.tsx'
import { inTurn, keepEnrolment } from './save-draft.ts'
import { SetupScript } from './setup-script.tsx'
import { useAsked } from './use-asked.ts'
import { useChoice } from './use-choice.ts'

interface StepProps {
  readonly enrolment: EnrolmentView
}

/** The identity provider and the role in AWS, and whether the role may do what it has to. */
export function AwsStep({ enrolment }: StepProps) {
  return (
    <>
      <Address />
      <Section title="What you give us">
        <Stack maw={760}>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <DraftInput
              enrolment={enrolment}
              field="region"
              label="Region"
              required
              placeholder="eu-west-1"
              description="Of the Identity Center instance."
            />
            <DraftInput
              enrolment={enrolment}
              field="instanceArn"
              label="Instance ARN"
              required
              isMono
              placeholder="arn:aws:sso:::instance/ssoins-…"
              description="In its console under Settings."
            />
            <DraftInput
              enrolment={enrolment}
              field="integration"
              label="Integration name"
              placeholder="aws-oidc"
              description="What the OIDC integration is called here."
            />
            <DraftInput
              enrolment={enrolment}
              field="roleName"
              label="IAM role name"
              placeholder="GatehouseIdentityCenter"
              description="Of the role that the script makes."
            />
          </SimpleGrid>
          <Extras enrolment={enrolment} />
        </Stack>
      </Section>
      <Section title="What you do in AWS">
        <SetupScript enrolment={enrolment} />
      </Section>
      <RoleCheck enrolment={enrolment} />
    </>
  )
}

/** First of all: AWS takes only some addresses as that of an identity provider. */
function Address() {
  const query = useQuery(addressQuery)
  return (
    <Loaded query={query}>
      {({ address, usable, sandboxOnly, problems }) =>
        problems.length === 0 ? (
          <Alert color="green" icon={<IconCircleCheck aria-hidden />} title={`AWS takes ${address} as the issuer.`} />
        ) : (
          <Alert
            color={usable ? 'yellow' : 'red'}
            icon={<IconInfoCircle aria-hidden />}
            title={
              sandboxOnly
                ? `AWS would not take ${address} as the issuer; a sandbox does.`
                : `AWS does not take ${address} as the issuer.`
            }
          >
            {problems.map(({ code, message, remedy }) => (
              <Text key={code} size="sm">
                {message} {remedy}
              </Text>
            ))}
          </Alert>
        )
      }
    </Loaded>
  )
}

type Extra = NonNullable<EnrolmentView['given']['extras']>[number]
const EXTRAS: readonly { readonly extra: Extra; readonly label: string; readonly without: string }[] = [
  {
    extra: 'batch-polling',
    label: 'One status call for all operations in flight',
    without: 'Without it: one call for each of them.',
  },
  {
    extra: 'permission-set-contents',
    label: 'Approvers see what a permission set allows',
    without: 'Without it: its name and description.',
  },
  {
    extra: 'organization-details',
    label: 'Names of organizational units and tags of accounts',
    without: 'Without it: filters, bundles and rules take ids of units, and no tags.',
  },
  {
    extra: 'management-account-grants',
    label: 'Every grant in the management account',
    without: 'Without it: sets with inline policies, and the first assignment there, fail.',
  },
  {
    extra: 'management-account-removals',
    label: 'Removals in the management account',
    without: 'Without it: access there can’t be fully removed.',
  },
]

/** Permissions beyond the guide's; Gatehouse notices at run time what it has. */
function Extras({ enrolment }: StepProps) {
  const extras = useChoice(enrolment, 'extras')
  const scoped = useChoice(enrolment, 'scopedToInstance')
  const system = useChoice(enrolment, 'useSystemCredentials')
  return (
    <>
      <Checkbox.Group
        label="Further permissions"
        description="All are optional. The role may do the 21 actions of the guide in any case."
        error={sayProblem(extras.problem)}
        value={[...(extras.value ?? [])]}
        onChange={(values) => extras.set(EXTRAS.map(({ extra }) => extra).filter((extra) => values.includes(extra)))}
      >
        <Stack gap={6} mt="xs">
          {EXTRAS.map(({ extra, label, without }) => (
            <Checkbox key={extra} value={extra} label={label} description={without} />
          ))}
        </Stack>
      </Checkbox.Group>
      <Checkbox
        label="Keep the permissions to this instance"
        description="What the role does in Identity Center is limited to the instance ARN; left out, it is as in the guide."
        disabled={enrolment.given.instanceArn === undefined}
        checked={scoped.value ?? false}
        error={sayProblem(scoped.problem)}
        onChange={(event) => scoped.set(event.currentTarget.checked)}
      />
      <Checkbox
        label="Gatehouse has AWS credentials of its own"
        description="Then no identity provider is needed, and the role trusts those credentials."
        checked={system.value ?? false}
        error={sayProblem(system.problem)}
        onChange={(event) => system.set(event.currentTarget.checked)}
      />
      {system.value === true && (
        <DraftInput
          enrolment={enrolment}
          field="externalId"
          label="External ID"
          description="Only if the role's trust policy asks for one."
        />
      )}
    </>
  )
}

const roleCheckKey = (name: string) => ['role-check', name]

function RoleCheck({ enrolment }: StepProps) {
  const { name, given } = enrolment
  const { data: result } = useQuery<CheckedRole>({ queryKey: roleCheckKey(name), queryFn: skipToken })
  const check = useMutation({
    ...inTurn(name),
    mutationFn: () => client.checkRole({ params: { name }, body: {} }),
    onSuccess({ enrolment: checked, ...found }) {
      keepEnrolment(checked)
      queryClient.setQueryData(roleCheckKey(name), found)
    },
  })
  const asked = useAsked(() => check.mutate())
  const last = stepOf(enrolment, 'aws')?.check
  return (
    <>
      <Section title="The role">
        <form {...asked.form}>
          <Stack maw={760}>
            <DraftInput
              enrolment={enrolment}
              field="roleArn"
              label="Role ARN"
              required
              isAsked={asked.isAsked}
              isMono
              placeholder="arn:aws:iam::111122223333:role/GatehouseIdentityCenter"
              description="The last line that the script prints."
            />
            <Group>
              <Button type="submit" loading={check.isPending}>
                Check the role
              </Button>
              <Text size="sm" c="dimmed">
                It only reads, and takes a few seconds.
              </Text>
            </Group>
          </Stack>
        </form>
      </Section>
      <Section title="What we found">
        {check.isError && <Problem error={check.error} />}
        {result && last ? (
          <Permissions result={result} />
        ) : (
          <Text size="sm" className={last ? (last.ok ? 'gain' : 'loss') : 'dim'}>
            {last?.message ??
              (given.roleArn === undefined
                ? 'Paste the ARN of the role, and it is tried permission by permission.'
                : 'The role has not been checked with what is given now.')}
          </Text>
        )}
      </Section>
    </>
  )
}
