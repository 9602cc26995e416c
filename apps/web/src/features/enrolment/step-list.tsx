import type { EnrolmentView } from '@gatehouse/api'
import { Box, NativeSelect, NavLink } from '@mantine/core'
import { IconCircle, IconCircleCheck, IconCircleDashed, IconCircleX, type TablerIcon } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { stepOf } from './enrolment-query.ts'
import { SAYS, type StepName, STEPS } from './steps.ts'

type State = EnrolmentView['steps'][number]['state']

const ICONS: Readonly<Record<State, readonly [icon: TablerIcon, className: string]>> = {
  done: [IconCircleCheck, 'gain'],
  open: [IconCircle, 'warn'],
  failed: [IconCircleX, 'loss'],
  later: [IconCircleDashed, 'dim'],
}

interface StepListProps {
  readonly enrolment: EnrolmentView
  readonly current: StepName
}

/** All seven with what each has come to; on a narrow screen a field to choose from. */
export function StepList({ enrolment, current }: StepListProps) {
  const navigate = useNavigate()
  const { name } = enrolment
  const known = STEPS.map(({ step, title }, index) => {
    const { state, message } = stepOf(enrolment, step) ?? { state: 'later' as const, message: '' }
    return { step, title: `${index + 1}. ${title}`, state, message }
  })
  return (
    <>
      <NativeSelect
        label="Step"
        hiddenFrom="md"
        value={current}
        data={known.map(({ step, title, state }) => ({ value: step, label: `${title} · ${SAYS[state][1]}` }))}
        onChange={(event) =>
          void navigate({
            to: '/organizations/$name/enrolment/$step',
            params: { name, step: event.currentTarget.value },
          })
        }
      />
      <Box component="nav" aria-label="Steps" visibleFrom="md">
        <ol className="steps">
          {known.map(({ step, title, state, message }) => (
            <li key={step}>
              <NavLink
                renderRoot={(props) => (
                  <Link to="/organizations/$name/enrolment/$step" params={{ name, step }} {...props} />
                )}
                label={title}
                description={state === 'done' ? SAYS.done[1] : `${SAYS[state][1]}: ${message}`}
                leftSection={<StepIcon state={state} />}
                active={step === current}
                aria-current={step === current ? 'step' : undefined}
              />
            </li>
          ))}
        </ol>
      </Box>
    </>
  )
}

function StepIcon({ state }: { readonly state: State }) {
  const [Icon, className] = ICONS[state]
  return <Icon size={17} aria-hidden className={className} />
}
