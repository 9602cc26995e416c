import type { TaskView } from '@gatehouse/api'
import { listTasks } from '@gatehouse/application'
import { formatInstant, type Task } from '@gatehouse/domain'
import { actorOf } from './actor-of.ts'
import type { HandlerPorts } from './create-handlers.ts'
import type { ServerHandlers } from './mount.ts'
import { sliceOf } from './paging.ts'

export function taskHandlers(ports: HandlerPorts): Pick<ServerHandlers, 'listTasks'> {
  return {
    async listTasks({ query, signal, ...who }) {
      const tasks = await listTasks(ports, actorOf(who), signal)
      const wanted = query.kind === undefined ? tasks : tasks.filter(({ kind }) => kind === query.kind)
      return sliceOf(wanted, query, presentTask)
    },
  }
}

const presentTask = ({ since, due, suspendsAt, subject, ...task }: Task): TaskView => ({
  ...task,
  subject: { ...subject },
  since: formatInstant(since),
  ...(due === undefined ? {} : { due: formatInstant(due) }),
  ...(suspendsAt === undefined ? {} : { suspendsAt: formatInstant(suspendsAt) }),
})
