import { setFlagsFromString } from 'node:v8'

/**
 * Keeps V8's optimizing compiler away from WebAssembly, in the whole process. It takes 600 MB and two seconds for one
 * function of PostgreSQL (the interpreter of expressions), and 60 MB stay. Without it a heavy join takes up to twice as
 * long, while short queries and commits take the same. Has to be called before PGlite is compiled.
 */
export function compileSmall(): void {
  setFlagsFromString('--no-wasm-tier-up')
  setFlagsFromString('--no-wasm-dynamic-tiering')
}
