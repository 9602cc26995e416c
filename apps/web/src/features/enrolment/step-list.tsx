import type { EnrolmentView } from '@gatehouse/api'
import { Box, NativeSelect, NavLink } from '@mantine/core'
import { IconCircle, IconCircleCheck, IconCircleX, type TablerIcon } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { DashedCircle } from '../../components/dashed-circle.ts'
import { stepOf } from './enrolment-query.ts'
import { SAYS, sayStep, type StepName, STEPS } from './steps.ts'

type State = EnrolmentView['steps'][number]['state']

const ICONS: Readonly<Record<State, readonly [icon: TablerIcon, className: string]>> = {
  done: [IconCircleCheck, 'gain'],
  open: [IconCircle, 'warn'],
  failed: [IconCircleX, 'loss'],
  later: [DashedCircle, 'dim'],
}

const NOT_YET = { state: 'later', message: '', missing: [] } as const

interface StepListProps {
  readonly enrolment: EnrolmentView
  readonly current: StepName
}

/** All seven with what each has come to; on a narrow screen a field to choose from. */
export function StepList({ enrolment, current }: StepListProps) {
  const navigate = useNavigate()
  const { name } = enrolment
  const known = STEPS.map(({ step, title }, index) => {
    const known = stepOf(enrolment, step) ?? NOT_YET
    return { step, title: `${index + 1}. ${title}`, state: known.state, message: sayStep(known) }
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
                classNames={{ description: 'dim' }}
                label={title}
                description={describe(state, message)}
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

/** The state as a word, and what the step has come to. */
const describe = (state: State, message: string): string =>
  state === 'later' || message === 'Done.' ? SAYS[state][1] : `${SAYS[state][1]}: ${message}`

function StepIcon({ state }: { readonly state: State }) {
  const [Icon, className] = ICONS[state]
  return <Icon size={17} aria-hidden className={className} />
}
