import type { EnrolmentView } from '@gatehouse/api'
import { Alert, Button, Checkbox, FileButton, Group, List, Radio, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { client } from '../../app/client.ts'
import { Copy } from '../../components/copy.tsx'
import { Facts } from '../../components/facts.tsx'
import { Loaded } from '../../components/loaded.tsx'
import { save as saveFile } from '../../components/save.ts'
import { Section } from '../../components/section.tsx'
import { useFields } from '../../components/use-fields.ts'
import { DraftInput, sayProblem } from './draft-text.tsx'
import { identitySourceQuery } from './enrolment-query.ts'
import { LockedOut } from './locked-out.tsx'
import { useSave } from './save-draft.ts'
import { useChoice } from './use-choice.ts'

interface StepProps {
  readonly enrolment: EnrolmentView
}

/** From here on people sign in to AWS at Gatehouse: what each side gives the other, and whom it would lock out. */
export function IdentityStep({ enrolment }: StepProps) {
  const source = useQuery(identitySourceQuery(enrolment.name))
  const isHybrid = enrolment.given.hybrid === true
  return (
    <>
      <Section title="How it is now">
        <Stack>
          <PresentSource enrolment={enrolment} />
          {!isHybrid && source.data && (
            <Warnings warnings={source.data.warnings} isGrave={enrolment.given.identitySource === 'active-directory'} />
          )}
        </Stack>
      </Section>
      {!isHybrid && (
        <Loaded query={source}>
          {({ ours, clicks, theirs, problems }) => (
            <>
              <Section title="What you do in AWS">
                <Stack gap="sm">
                  <ol className="clicks">
                    {clicks.map((click) => (
                      <li key={click}>{click}</li>
                    ))}
                  </ol>
                  <Text size="sm">
                    Make the change last, when all other steps are right. What the console asks for:
                  </Text>
                  <Ours ours={ours} />
                </Stack>
              </Section>
              <Section title="What you give us">
                <Metadata enrolment={enrolment} />
              </Section>
              <Section title="What we found">
                <Stack>
                  <Theirs theirs={theirs} problems={problems} isGiven={'serviceProviderMetadata' in enrolment.given} />
                  <LockedOut enrolment={enrolment} />
                </Stack>
              </Section>
            </>
          )}
        </Loaded>
      )}
    </>
  )
}

const SOURCES = [
  {
    value: 'identity-center',
    label: 'Identity Center directory',
    description: 'Users, groups and assignments stay; its passwords are used no more.',
  },
  {
    value: 'external',
    label: 'Another identity provider',
    description: 'Users, groups and assignments stay; its SCIM has to be switched off.',
  },
  {
    value: 'active-directory',
    label: 'Active Directory',
    description: 'AWS deletes all users, groups and assignments when it is switched away from.',
  },
] as const

function PresentSource({ enrolment }: StepProps) {
  const source = useChoice(enrolment, 'identitySource')
  const hybrid = useChoice(enrolment, 'hybrid')
  const isNeeded = hybrid.value !== true
  const { at } = useFields({
    values: { source: source.value },
    places: { source: 'body.identitySource' },
    wrong: { source: isNeeded && source.value === undefined ? 'Choose one of them.' : undefined },
  })
  const { error, onBlur, ...marked } = at('source')
  return (
    <>
      <Radio.Group
        label="Present identity source"
        description="In AWS’s console: Settings, Identity source."
        withAsterisk={isNeeded}
        error={sayProblem(source.problem) ?? error}
        errorProps={{ mt: 6 }}
        onBlur={onBlur}
        value={source.value ?? ''}
        onChange={(value) => {
          const chosen = SOURCES.find((known) => known.value === value)?.value
          if (chosen) source.set(chosen)
        }}
      >
        <Stack gap={6} mt="xs">
          {SOURCES.map((one) => (
            <Radio key={one.value} {...one} {...marked} error={error !== undefined} />
          ))}
        </Stack>
      </Radio.Group>
      <Checkbox
        label="Keep the present identity source (hybrid)"
        description="Another identity provider goes on signing people in and pushing them; Gatehouse pushes nobody."
        checked={hybrid.value ?? false}
        error={sayProblem(hybrid.problem)}
        onChange={(event) => hybrid.set(event.currentTarget.checked)}
      />
    </>
  )
}

function Warnings({ warnings, isGrave }: { readonly warnings: readonly string[]; readonly isGrave: boolean }) {
  if (warnings.length === 0) return null
  return (
    <Alert color={isGrave ? 'red' : 'yellow'} icon={<IconAlertTriangle aria-hidden />} title="What the change does">
      <List size="sm">
        {warnings.map((warning) => (
          <List.Item key={warning}>{warning}</List.Item>
        ))}
      </List>
    </Alert>
  )
}

type Ours = Awaited<ReturnType<typeof client.getIdentitySource>>['ours']

function Ours({ ours }: { readonly ours: Ours }) {
  return (
    <>
      <Facts
        facts={[
          ['Sign-in URL', <Copy key="in" text={ours.signInUrl} what="the sign-in URL" />],
          ['Issuer URL', <Copy key="issuer" text={ours.entityId} what="the issuer URL" />],
          ['Metadata URL', <Copy key="metadata" text={ours.metadataUrl} what="the metadata URL" />],
        ]}
      />
      <Group gap="xs">
        <Button
          variant="default"
          size="xs"
          onClick={() => saveFile(new Blob([ours.metadata], { type: 'application/xml' }), 'gatehouse-metadata.xml')}
        >
          Save the metadata file
        </Button>
        <Button
          variant="default"
          size="xs"
          onClick={() =>
            saveFile(
              new Blob([ours.certificates.join('\n')], { type: 'application/x-pem-file' }),
              'gatehouse-certificate.pem',
            )
          }
        >
          Save the certificate
        </Button>
      </Group>
    </>
  )
}

/** The XML of the console, pasted or from a file. */
function Metadata({ enrolment }: StepProps) {
  const save = useSave(enrolment.name)
  return (
    <Stack maw={760}>
      <DraftInput
        enrolment={enrolment}
        field="serviceProviderMetadata"
        label="Service provider metadata"
        description="The file that the console gives out, pasted or read."
        required
        isMono
        lines={4}
      />
      <Group>
        <FileButton
          accept=".xml,application/xml,text/xml"
          onChange={(file) =>
            void file?.text().then((text) => save.mutate({ changes: { serviceProviderMetadata: text } }))
          }
        >
          {(props) => (
            <Button variant="default" size="xs" {...props}>
              Read a metadata file
            </Button>
          )}
        </FileButton>
        {save.isError && (
          <Text size="xs" className="loss" role="alert">
            {sayProblem(save.error)}
          </Text>
        )}
      </Group>
      <DraftInput
        enrolment={enrolment}
        field="serviceProviderName"
        label="Name of the service provider"
        placeholder={enrolment.name}
        description="What Identity Center is called among the service providers here."
      />
      <details className="more">
        <summary>The access portal has an address of its own</summary>
        <Stack mt="xs">
          <DraftInput
            enrolment={enrolment}
            field="startUrl"
            label="AWS access portal URL"
            isMono
            placeholder="https://d-1234567890.awsapps.com/start"
            description="Left empty, the one that AWS makes from the identity store."
          />
          <DraftInput
            enrolment={enrolment}
            field="portalUrl"
            label="Address that people open"
            isMono
            description="Left empty, the access portal URL."
          />
        </Stack>
      </details>
    </Stack>
  )
}

function Theirs({
  theirs,
  problems,
  isGiven,
}: Pick<Awaited<ReturnType<typeof client.getIdentitySource>>, 'theirs' | 'problems'> & { readonly isGiven: boolean }) {
  if (!isGiven && problems.length === 0)
    return (
      <Text size="sm" c="dimmed">
        The metadata has not been given yet.
      </Text>
    )
  return (
    <>
      {problems.map(({ message, remedy }) => (
        <Alert key={message} color="red" icon={<IconCircleX aria-hidden />} title={message} role="alert">
          {remedy}
        </Alert>
      ))}
      {theirs && problems.length === 0 && (
        <Alert color="green" icon={<IconCircleCheck aria-hidden />} title="The metadata can be used." />
      )}
      {theirs && (
        <Facts
          facts={[
            [
              'Entity id',
              <span key="entity" className="mono">
                {theirs.entityId}
              </span>,
            ],
            [
              'Answers go to',
              <span key="acs" className="mono">
                {theirs.acsUrls.join(', ')}
              </span>,
            ],
          ]}
        />
      )}
    </>
  )
}
