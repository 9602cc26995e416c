/** Lone surrogates are no characters either; with the `u` flag they are matched as such (XML 1.0, production 2). */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const ILLEGAL = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u

/** Where the first character stands that no XML 1.0 document can hold, not even escaped; negative when there is none. */
export const findIllegalText = (text: string): number => text.search(ILLEGAL)
