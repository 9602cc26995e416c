/**
 * Stands where the contract's engine for regular expressions would be (vite.config.ts): patterns and conditions are read
 * by the server, and a page only sends them.
 */
export const RE2JS = {
  compile(): never {
    throw new Error('The server reads patterns.')
  },
}
