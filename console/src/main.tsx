import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { lazy, StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/App'
import { keepPage } from './app/keep-page'
import { wear } from './lib/look'
import { apart } from './lib/windows'
import './app/theme.css'
import './app/app.css'
import './rooms/rooms.css'

const StudyApp = lazy(async () => ({ default: (await import('./app/StudyApp')).StudyApp }))
const WindowApp = lazy(async () => ({ default: (await import('./app/WindowApp')).WindowApp }))

wear()
keepPage()
const client = new QueryClient({ defaultOptions: { queries: { networkMode: 'always', retry: 2, refetchOnWindowFocus: false, staleTime: 2000 } } })
const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <Suspense>{location.pathname.startsWith('/study') ? <StudyApp /> : apart === '' ? <App /> : <WindowApp />}</Suspense>
      </QueryClientProvider>
    </StrictMode>,
  )
}
