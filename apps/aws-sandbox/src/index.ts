export { startSandbox, type Sandbox, type SandboxOptions, type SandboxReady } from './sandbox.ts'
