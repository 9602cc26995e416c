/** For the end of a switch that covers its union: reached only by a value that its type rules out. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value ${JSON.stringify(value)}.`)
}
