export { createDirectory, type DirectoryOptions } from './directory.ts'
