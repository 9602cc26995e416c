import { type Task, tasksOf } from '@gatehouse/domain'
import { type Actor, actingAs, personOf } from '../governance/actor.ts'
import type { ReadPorts } from '../governance/governance-ports.ts'
import { readView } from '../governance/read-view.ts'

/** What waits for the caller, the most urgent first. @throws DomainError `refused` unless it is a person */
export async function listTasks(ports: ReadPorts, actor: Actor, signal: AbortSignal): Promise<readonly Task[]> {
  const reading = await readView(ports, signal)
  return tasksOf(personOf(actingAs(actor, reading)), reading.view, reading.now)
}
