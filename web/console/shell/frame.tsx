import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { Popover } from 'antd'
import { lazy, Suspense } from 'react'
import { holds } from '../../shared/api/permission.ts'
import type { User } from '../../shared/api/session.ts'
import { session } from '../app.ts'
import { useText } from '../text.ts'
import { Choices } from './choices.tsx'
import { Cover } from './cover.tsx'
import { Guard } from './guard.tsx'
import { Icon } from './icon.tsx'
import { at, type Entry, sectionsFor } from './menu.ts'
import { Newcomer } from './newcomer.tsx'
import { Pill } from './pill.tsx'
import { Presence } from './presence.tsx'
import { Mark } from './sign-in.tsx'
import { SignOut } from './sign-out.tsx'
import { StepUp } from './step-up.tsx'

// Only people of the platform see it.
const Visiting = lazy(() => import('../platform/visiting.tsx').then((m) => ({ default: m.Visiting })))

// Only administrators see it.
const Pending = lazy(() => import('../settings/pending.tsx').then((m) => ({ default: m.Pending })))

/** Frame is what stands around every page: where one can go, who one is, whether one takes work. */
export function Frame({ user }: { user: User }) {
  const t = useText()
  const address = useRouterState({ select: (s) => s.location.pathname })
  const sections = sectionsFor(user)
  const open = sections.find((s) => s.entries.some((e) => at(address, e.path)))
  return (
    <div className="frame">
      <a className="skip" href="#main">
        {t('menu.skip')}
      </a>
      {session.inside && (
        <Suspense fallback={<div className="ghost-box" />}>
          <Visiting inside={session.inside} />
        </Suspense>
      )}
      <nav className="rail" aria-label={t('menu.title')}>
        <Mark />
        {sections.map((s) => (
          <Link key={s.text} to={s.entries[0]!.path} className={s === open ? 'rail-entry on' : 'rail-entry'} aria-current={s === open ? 'page' : undefined}>
            <Icon name={s.icon} />
            {t(s.text)}
          </Link>
        ))}
        <div className="rail-end">
          {!session.inside && user.tenant.slug !== 'platform' && holds(user.permissions, 'agent:set_status') && <Presence />}
          <Popover trigger="click" placement="rightBottom" content={<Me user={user} />}>
            <button type="button" className="rail-entry" aria-label={t('menu.me', { name: user.name })}>
              <Icon name="person" />
              <span className="cut">{user.name}</span>
            </button>
          </Popover>
        </div>
      </nav>
      <main id="main" tabIndex={-1}>
        {open && open.entries.length > 1 && <Tabs entries={open.entries} address={address} />}
        {!session.inside && user.tenant.slug !== 'platform' && holds(user.permissions, 'system_config:update') && (
          <Suspense>
            <Pending />
          </Suspense>
        )}
        <Suspense fallback={<div className="page-ghost" aria-busy="true" />}>
          <Outlet />
        </Suspense>
      </main>
      <Pill />
      <Newcomer name={user.name} />
      <Guard />
      <StepUp />
      <Cover user={session.host ?? user} />
    </div>
  )
}

/** Tabs lead to the pages of a section. */
function Tabs({ entries, address }: { entries: Entry[]; address: string }) {
  const t = useText()
  return (
    <nav className="tabs" aria-label={t('menu.tabs')}>
      {entries.map((e) => (
        <Link key={e.path} to={e.path} aria-current={at(address, e.path) ? 'page' : undefined}>
          {t(e.text)}
        </Link>
      ))}
    </nav>
  )
}

function Me({ user }: { user: User }) {
  const t = useText()
  return (
    <div className="me">
      <strong>{user.name}</strong>
      <span className="quiet">
        {user.username} · {user.tenant.name}
      </span>
      <Link to="/me">{t('menu.profile')}</Link>
      <Choices />
      {!session.inside && <SignOut />}
    </div>
  )
}
