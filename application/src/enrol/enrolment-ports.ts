import type { EnrolPorts } from '../adopt/enrol.ts'
import type { Enrolments } from '../ports/enrolments.ts'
import type { ProbeEnrolment, TestScim } from '../ports/enrolment-probe.ts'
import type { SignInPorts } from '../sign-in/sign-in-ports.ts'

/** What the guided enrolment touches. */
export interface EnrolmentPorts extends EnrolPorts, Pick<SignInPorts, 'credentials'> {
  readonly enrolments: Enrolments
  readonly probeEnrolment: ProbeEnrolment
  readonly testScim: TestScim
}
