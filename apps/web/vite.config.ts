import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  // A sixth of all that is loaded before anything is shown, and never called in a browser.
  resolve: { alias: { re2js: fileURLToPath(new URL('src/app/no-patterns.ts', import.meta.url)) } },
  build: {
    // Browsers of the last two years know `light-dark()`; what replaces it for older ones does not follow Mantine's switch.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Nothing is preloaded by inline script: the server's policy allows none.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'application', tags: ['$initial'], priority: 1 },
            // Each file costs the browser more than the few lines in it: what most pages share comes in one.
            { name: 'shared', minShareCount: 6, maxModuleSize: 2000 },
          ],
        },
      },
    },
    reportCompressedSize: false,
  },
})
