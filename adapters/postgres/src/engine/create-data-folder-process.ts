// Makes a database in the folder given as argument. See create-data-folder.ts for why this is a process of its own.
import { nodeDisk } from './disk.ts'
import { writeNewCluster } from './write-new-cluster.ts'

const [, , folder] = process.argv
if (folder === undefined) throw new Error('Usage: create-data-folder-process.ts FOLDER')
await writeNewCluster(folder, nodeDisk)
