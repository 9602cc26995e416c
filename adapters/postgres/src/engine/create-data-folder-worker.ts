// A thread of its own, because making a database takes three times the memory of running one, and a thread gives it back.
import { workerData } from 'node:worker_threads'
import { createDataFolder } from './create-data-folder.ts'
import { nodeDisk } from './disk.ts'

const { folder }: { folder: string } = workerData
await createDataFolder(folder, nodeDisk)
