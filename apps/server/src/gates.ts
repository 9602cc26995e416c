/** Of instances that are not enrolled: as many as there may be enrolments at once. */
export const TRIED_GATES = 20

export interface Gates<Gate> {
  ofEnrolled(instanceArn: string): Gate
  whileTried(instanceArn: string): Gate
}

/** One gate for each instance's quota. Whoever fills in an enrolment may name any instance, so few of those are kept. */
export function createGates<Gate>(make: () => Gate): Gates<Gate> {
  const enrolled = new Map<string, Gate>()
  const tried = new Map<string, Gate>()
  return {
    ofEnrolled(instanceArn) {
      const gate = enrolled.get(instanceArn) ?? tried.get(instanceArn) ?? make()
      enrolled.set(instanceArn, gate)
      tried.delete(instanceArn)
      return gate
    },
    whileTried(instanceArn) {
      const known = enrolled.get(instanceArn)
      if (known !== undefined) return known
      const gate = tried.get(instanceArn) ?? make()
      tried.delete(instanceArn) // the latest is the last
      tried.set(instanceArn, gate)
      for (const oldest of tried.keys()) if (tried.size > TRIED_GATES) tried.delete(oldest)
      return gate
    },
  }
}
