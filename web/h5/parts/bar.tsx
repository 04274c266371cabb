import type { ComponentChildren } from 'preact'
import { t } from '../text.ts'

/** Bar is the head of a page below the first: the way back, and its title. */
export function Bar({ title, back, children }: { title: string; back: string; children?: ComponentChildren }) {
  return (
    <header class="bar">
      <a class="icon" href={back} aria-label={t('back')}>
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M15 5l-7 7 7 7" />
        </svg>
      </a>
      <div class="bar-title">
        <h1>{title}</h1>
        {children}
      </div>
    </header>
  )
}
