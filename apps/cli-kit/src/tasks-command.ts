import { command } from './command.ts'
import { everyPage, PAGE } from './every-page.ts'
import { table } from './table.ts'

/** In both programs: whoever reviews is not always an administrator. */
export const tasksCommand = command({
  name: 'tasks',
  aliases: ['todo'],
  summary: 'Show what waits for you: reviews of lists, access requests, removals in other systems.',
  async run({ client, signal }) {
    const tasks = await everyPage((cursor) => client.listTasks({ query: { limit: PAGE, cursor } }, signal))
    if (tasks.length === 0) return { data: tasks, text: 'Nothing waits for you.' }
    return {
      data: tasks,
      text: table(
        ['Task', 'About', 'Since', 'Due', 'What to Do'],
        tasks.map(({ kind, subject, since, due, todo }) => [
          kind,
          subject.title,
          since.slice(0, 10),
          due === undefined ? '-' : due.slice(0, 10),
          todo,
        ]),
      ),
      talk: tasks.map(({ text }) => text),
    }
  },
})
