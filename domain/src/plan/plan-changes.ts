import type { Plan, PlanInput } from './planner.ts'
import { finish } from '../kernel/steps.ts'
import { planInSteps } from './track-plan.ts'

/** Never touches what is not managed: principals without a link, accounts outside the filter. */
export const planChanges = (input: PlanInput): Plan => finish(planInSteps(input))
