import '@mantine/core/styles.css'
import '@mantine/spotlight/styles.css'
import './app/app.css'
import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { followChanges } from './app/changes.ts'
import { queryClient } from './app/client.ts'
import { keepFocus } from './app/keep-focus.ts'
import { router } from './app/router.tsx'
import { sessionQuery } from './app/session.ts'
import { cssVariables, theme } from './app/theme.ts'

const nonce = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? ''
// What keeps the page behind a dialog from scrolling makes a style of its own, and asks there.
Object.assign(globalThis, { __webpack_nonce__: nonce })
const root = document.getElementById('root')
if (!root) throw new Error('the page has no place for the application')

// Asked for before the first page is drawn, which waits for it.
void queryClient.prefetchQuery(sessionQuery)
// Its code and what it shows are on their way while what stands around it is made.
void router.load()
followChanges()
keepFocus(router)
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
