import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/App'
import { StudyApp } from './app/StudyApp'
import { WindowApp } from './app/WindowApp'
import { wear } from './lib/look'
import { apart } from './lib/windows'
import './app/theme.css'
import './app/app.css'
import './rooms/rooms.css'

wear()
const client = new QueryClient({ defaultOptions: { queries: { retry: 2, refetchOnWindowFocus: false, staleTime: 2000 } } })
const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        {location.pathname.startsWith('/study') ? <StudyApp /> : apart === '' ? <App /> : <WindowApp />}
      </QueryClientProvider>
    </StrictMode>,
  )
}
