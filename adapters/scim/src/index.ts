export { createDirectory, type DirectoryOptions } from './directory.ts'
export { isPrivateHost } from './is-private-host.ts'
export { testScim } from './test-scim.ts'
