import { planAssignments } from './plan-assignments.ts'
import { planGroups } from './plan-groups.ts'
import { planMembers } from './plan-members.ts'
import { planUsers } from './plan-users.ts'
import { createPlanner, type Plan, type PlanInput } from './planner.ts'

/** Never touches what is not managed: principals without a link, accounts outside the filter. */
export function planChanges(input: PlanInput): Plan {
  const planner = createPlanner(input)
  planUsers(planner)
  planGroups(planner)
  for (const link of input.view.groupLinks) planMembers(planner, link)
  planAssignments(planner)
  return { operations: planner.operations, notes: planner.notes }
}
