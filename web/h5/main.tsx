import { render } from 'preact'
import '../shared/look/tokens.css'
import { applyTheme } from '../shared/look/theme.ts'
import { session } from './app.ts'
import { Page } from './page.tsx'
import { Waiting } from './pages/waiting.tsx'
import './h5.css'

applyTheme()
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', applyTheme)

// A page that was left open over an upgrade asks for scripts that are gone.
addEventListener('vite:preloadError', () => location.reload())

const page = document.getElementById('page')!
if (session.expected) render(<Waiting />, page)
void session
  .begin()
  .catch(() => undefined)
  .then(() => render(<Page />, page))
