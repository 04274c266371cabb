import { GhostTiles } from '../parts/tiles.tsx'
import { Rows } from '../parts/row.tsx'
import { t } from '../text.ts'

/** Waiting is the shape of the page while it is found out who is signed in: over a poor network that takes a moment. */
export function Waiting() {
  return (
    <main aria-busy="true">
      <header class="top">
        <div>
          <h1>{t('brand')}</h1>
          <p>{t('home.lead')}</p>
        </div>
      </header>
      <ul class="tiles" aria-hidden="true">
        <GhostTiles />
      </ul>
      <Rows count={3} />
    </main>
  )
}
