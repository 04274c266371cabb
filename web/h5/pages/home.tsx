import type { User } from '../../shared/api/session.ts'
import { over } from '../../shared/desk/desk.ts'
import { useStore } from '../app.ts'
import { Menu } from '../parts/menu.tsx'
import { Refused } from '../parts/refused.tsx'
import { Row, Rows } from '../parts/row.tsx'
import { Tiles } from '../parts/tiles.tsx'
import { readRequests, requests } from '../requests.ts'
import { go } from '../route.ts'
import { t } from '../text.ts'

/** Home is where somebody asks, or goes on with what they asked. */
export function Home({ user }: { user: User }) {
  const { items, loaded, error } = useStore(requests)
  const open = items.filter((c) => !over(c.state))
  const ended = items.filter((c) => over(c.state)).slice(0, 5)
  return (
    <main>
      <header class="top">
        <div>
          <h1>{t('home.hello', { name: user.name || user.username })}</h1>
          <p>{t('home.lead')}</p>
        </div>
        <Menu />
      </header>
      <Tiles choose={(id) => go('/ask/' + encodeURIComponent(id))} />
      <Refused error={error} again={() => void readRequests()} />
      {open.length > 0 && (
        <section>
          <h2>{t('home.open')}</h2>
          <ul class="rows">
            {open.map((c) => (
              <Row key={c.id} conversation={c} />
            ))}
          </ul>
        </section>
      )}
      <section>
        <h2>{t('home.recent')}</h2>
        {!loaded && !error && <Rows count={3} />}
        {loaded && items.length === 0 && <p class="empty">{t('home.none')}</p>}
        {ended.length > 0 && (
          <ul class="rows">
            {ended.map((c) => (
              <Row key={c.id} conversation={c} />
            ))}
          </ul>
        )}
        {items.length > 0 && (
          <a class="quiet wide" href="#/history">
            {t('home.history')}
          </a>
        )}
      </section>
    </main>
  )
}
