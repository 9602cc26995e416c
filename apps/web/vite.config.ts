import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  build: {
    // Browsers of the last two years know `light-dark()`; what replaces it for older ones does not follow Mantine's switch.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // Nothing is preloaded by inline script: the server's policy allows none.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
})
