// What has to hold before the application's first line: its policy forbids code from text and markup from text.

// zod reads schemas as they are, and does not make them into functions first.
globalThis.__zod_globalConfig = { jitless: true }

// Styles are the only text that is set as such; markup is refused wherever it comes from.
globalThis.trustedTypes?.createPolicy('default', {
  createHTML(text) {
    if (text.includes('<')) throw new TypeError('markup is not set as text')
    return text
  },
})
