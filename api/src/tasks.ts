import { TASK_KINDS } from '@gatehouse/domain'
import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { page, pageQuery, time } from './fields.ts'

export const taskSchema = z
  .object({
    /** The same as long as nothing about the task changes. */
    id: z.string(),
    kind: z.enum(TASK_KINDS),
    subject: z.object({ kind: z.enum(['access_list', 'access_request']), id: z.string(), title: z.string() }),
    /** When it came, or came to its present stage. */
    since: time,
    /** Absent where nothing happens by itself. */
    due: time.optional(),
    /** When the list stops giving anything, or stopped. */
    suspendsAt: time.optional(),
    text: z.string(),
    /** What to do, as a command. */
    todo: z.string(),
  })
  .meta({ id: 'Task' })
export type TaskView = z.infer<typeof taskSchema>

const listTasks = endpoint('GET', '/v1/tasks', {
  summary: 'What waits for the caller, the most urgent first: reviews of lists, of requests, removals elsewhere.',
  auth: 'session',
  query: z.strictObject({ ...pageQuery, kind: z.enum(TASK_KINDS).optional() }),
  response: page(taskSchema),
  status: 200,
})

export const taskEndpoints = { listTasks }
