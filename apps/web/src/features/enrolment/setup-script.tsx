import type { EnrolmentView } from '@gatehouse/api'
import { Button, Group, SegmentedControl, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Code } from '../../components/code.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { save } from '../../components/save.ts'
import { scriptQuery } from './enrolment-query.ts'

const FORMATS = [
  { value: 'script', label: 'bash', file: 'set-up.sh' },
  { value: 'cloudFormation', label: 'CloudFormation', file: 'set-up.json' },
  { value: 'terraform', label: 'Terraform', file: 'set-up.tf' },
] as const
type Format = (typeof FORMATS)[number]['value']

const HOW: Readonly<Record<Format, string>> = {
  script:
    'Open CloudShell in the management account, or in the one that Identity Center is delegated to, and run it there. It prints its plan and asks; its last line is the role’s ARN. It may be run again.',
  cloudFormation: 'Make a stack of it in the management or delegated account. The role’s ARN is its output.',
  terraform: 'Apply it in the management or delegated account. The role’s ARN is its output.',
}

/** The AWS side in three ways of saying the same. */
export function SetupScript({ enrolment: { name, given } }: { readonly enrolment: EnrolmentView }) {
  const [format, setFormat] = useState<Format>('script')
  const { region, instanceArn, integration = 'aws-oidc', roleName = 'GatehouseIdentityCenter', extras = [] } = given
  const isScoped = given.scopedToInstance === true && instanceArn !== undefined
  const body = {
    organization: name,
    integration,
    role: roleName,
    region: region ?? '',
    extras,
    ...(isScoped ? { instanceArn } : {}),
  }
  const query = useQuery({ ...scriptQuery(body), enabled: region !== undefined })
  if (given.useSystemCredentials === true)
    return (
      <Text size="sm">
        Make a role that trusts Gatehouse’s own credentials, with the permissions that the script below would give, and
        paste its ARN.
      </Text>
    )
  if (region === undefined) return <Text size="sm">Give the Region first: the script is made for it.</Text>
  const chosen = FORMATS.find(({ value }) => value === format) ?? FORMATS[0]
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label="Format of the set-up"
        w="fit-content"
        data={FORMATS.map(({ value, label }) => ({ value, label }))}
        value={format}
        onChange={(value) => setFormat(FORMATS.find((known) => known.value === value)?.value ?? 'script')}
      />
      <Text size="sm">{HOW[format]}</Text>
      <Loaded query={query}>
        {(set) => (
          <>
            <div className="script">
              <Code label={`The set-up as ${chosen.label}`} text={set[format]} />
            </div>
            <Group>
              <Button
                variant="default"
                size="xs"
                onClick={() => save(new Blob([set[format]], { type: 'text/plain' }), chosen.file)}
              >
                Save {chosen.file}
              </Button>
            </Group>
          </>
        )}
      </Loaded>
    </Stack>
  )
}
