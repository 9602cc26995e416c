import { inspect } from 'node:util'

const HIDDEN = '[secret]'

/** Text that is never shown by accident: it prints as `[secret]` whichever way it is printed. */
export class Secret {
  readonly #value: string
  constructor(value: string) {
    this.#value = value
  }
  reveal(): string {
    return this.#value
  }
  toString(): string {
    return HIDDEN
  }
  toJSON(): string {
    return HIDDEN
  }
  [inspect.custom](): string {
    return HIDDEN
  }
}
