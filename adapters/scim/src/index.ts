export { createDirectory, type DirectoryOptions } from './directory.ts'
export { testScim } from './test-scim.ts'
