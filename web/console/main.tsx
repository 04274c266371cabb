import { RouterProvider } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import '../shared/look/tokens.css'
import { applyTheme } from '../shared/look/theme.ts'
import { session } from './app.ts'
import './console.css'
import { leftVisit } from './platform/left.ts'
import { router } from './router.tsx'
import { giveNonces } from './shell/nonce.ts'
import { t } from './text.ts'

giveNonces()
applyTheme()
document.title = t('brand')

// A page that was left open over an upgrade asks for scripts that are gone.
addEventListener('vite:preloadError', () => location.reload())

void session
  .begin()
  .catch(() => undefined)
  .then(() => {
    const tenant = leftVisit()
    if (tenant) void router.navigate({ to: '/platform/$tenant', params: { tenant }, replace: true })
    createRoot(document.getElementById('page')!).render(<RouterProvider router={router} />)
  })
