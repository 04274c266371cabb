import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Navigate } from '@tanstack/react-router'
import { Suspense, useEffect, useState } from 'react'
import { makeWay } from '../shared/api/newcomer.ts'
import { session } from './app.ts'
import { Nowhere } from './pages/nowhere.tsx'
import './pages/secret.ts'
import { forgetDrafts } from './shell/draft.ts'
import { Frame } from './shell/frame.tsx'
import { sectionsFor } from './shell/menu.ts'
import { Root } from './shell/root.tsx'
import { SignInPage } from './shell/sign-in.tsx'
import { useText } from './text.ts'
import { filterOf } from './users/filter.ts'

// What few people see, and once.
const LinkPage = lazyRouteComponent(() => import('./pages/link.tsx'), 'LinkPage')
const SetUpPage = lazyRouteComponent(() => import('./pages/set-up.tsx'), 'SetUpPage')
const PasswordPage = lazyRouteComponent(() => import('./pages/password.tsx'), 'PasswordPage')

/** Whole is the frame for who is signed in, and the sign-in for everybody else. */
function Whole() {
  const t = useText()
  const [user, setUser] = useState(session.user)
  const [owing, setOwing] = useState(session.owing)
  const [ended, setEnded] = useState(false)
  useEffect(
    () =>
      session.listen((change) => {
        if (change.why === 'other') return (forgetDrafts(), makeWay()) // nobody else is asked about them
        setEnded(change.why === 'ended' && (user ?? owing) !== undefined)
        setUser(change.user)
        setOwing(session.owing)
      }),
    [user, owing],
  )
  const open = /^\/(link|setup)$/.test(location.pathname) // what nobody needs to be signed in for
  if (open) return location.pathname === '/link' ? <LinkPage /> : <SetUpPage />
  if (owing) return <PasswordPage owing={owing} />
  return user ? <Frame user={user} /> : <SignInPage notice={ended ? t('signIn.ended') : undefined} />
}

const root = createRootRoute({
  component: () => (
    <Root>
      <Suspense fallback={<div className="page-ghost" aria-busy="true" />}>
        <Whole />
      </Suspense>
    </Root>
  ),
  notFoundComponent: () => <Nowhere />,
})

/** First leads to the first page of which one may do something; employees have a page of their own. */
function First() {
  const first = session.user && sectionsFor(session.user)[0]?.entries[0]
  useEffect(() => {
    if (!first) location.replace('/h5')
  }, [first])
  return first ? <Navigate to={first.path} /> : null
}

const desk = lazyRouteComponent(() => import('./desk/workbench.tsx'), 'Workbench')
const users = lazyRouteComponent(() => import('./users/users.tsx'), 'Users')
const departments = lazyRouteComponent(() => import('./departments/departments.tsx'), 'Departments')
const roles = lazyRouteComponent(() => import('./roles/roles.tsx'), 'Roles')

const exclusions = lazyRouteComponent(() => import('./exclusions/exclusions.tsx'), 'Exclusions')

/** What stands behind the ? of an address, which its page reads. */
// What looks like a number in an address is read as one, and is a text all the same.
const asked = (search: Record<string, unknown>) => Object.fromEntries(Object.entries(search).map(([name, said]) => [name, String(said)]))
const tenants = lazyRouteComponent(() => import('./platform/tenants.tsx'), 'Tenants')

const routes = root.addChildren([
  ...['/', '/sign-in', '/t/$tenant'].map((path) => createRoute({ getParentRoute: () => root, path, component: First })),
  createRoute({ getParentRoute: () => root, path: '/desk', component: desk }),
  createRoute({ getParentRoute: () => root, path: '/users', validateSearch: filterOf, component: users }),
  createRoute({ getParentRoute: () => root, path: '/users/$id', validateSearch: filterOf, component: users }),
  createRoute({ getParentRoute: () => root, path: '/departments', component: departments }),
  createRoute({ getParentRoute: () => root, path: '/departments/$id', component: departments }),
  createRoute({ getParentRoute: () => root, path: '/import', component: lazyRouteComponent(() => import('./import/import.tsx'), 'Import') }),
  createRoute({ getParentRoute: () => root, path: '/roles', component: roles }),
  createRoute({ getParentRoute: () => root, path: '/roles/$name', component: roles }),
  createRoute({ getParentRoute: () => root, path: '/exclusions', component: exclusions }),
  createRoute({ getParentRoute: () => root, path: '/exclusions/$name', component: exclusions }),
  createRoute({ getParentRoute: () => root, path: '/access', validateSearch: asked, component: lazyRouteComponent(() => import('./access/access.tsx'), 'Access') }),
  createRoute({ getParentRoute: () => root, path: '/audit', validateSearch: asked, component: lazyRouteComponent(() => import('./audit/audit.tsx'), 'Audit') }),
  createRoute({ getParentRoute: () => root, path: '/sign-ins', validateSearch: asked, component: lazyRouteComponent(() => import('./sign-ins/sign-ins.tsx'), 'SignIns') }),
  createRoute({ getParentRoute: () => root, path: '/settings', component: lazyRouteComponent(() => import('./settings/settings.tsx'), 'Settings') }),
  createRoute({ getParentRoute: () => root, path: '/security', component: lazyRouteComponent(() => import('./settings/security.tsx'), 'Security') }),
  createRoute({ getParentRoute: () => root, path: '/me', component: lazyRouteComponent(() => import('./me/me.tsx'), 'Me') }),
  createRoute({ getParentRoute: () => root, path: '/desk/$id', component: desk }),
  createRoute({ getParentRoute: () => root, path: '/platform', component: tenants }),
  createRoute({ getParentRoute: () => root, path: '/platform/$tenant', component: tenants }),
  createRoute({ getParentRoute: () => root, path: '/board', component: lazyRouteComponent(() => import('./board/board.tsx'), 'BoardPage') }),
  createRoute({ getParentRoute: () => root, path: '/reports', component: lazyRouteComponent(() => import('./reports/reports.tsx'), 'Reports') }),
  createRoute({ getParentRoute: () => root, path: '/agents/{-$agent}', component: lazyRouteComponent(() => import('./agents/agents.tsx'), 'Agents') }),
  createRoute({ getParentRoute: () => root, path: '/skills', component: lazyRouteComponent(() => import('./skills/skills.tsx'), 'Skills') }),
  createRoute({ getParentRoute: () => root, path: '/replies', component: lazyRouteComponent(() => import('./replies/replies.tsx'), 'Replies') }),
  createRoute({ getParentRoute: () => root, path: '/tags', component: lazyRouteComponent(() => import('./tags/tags.tsx'), 'Tags') }),
])

export const router = createRouter({ routeTree: routes, defaultPreload: 'intent', defaultErrorComponent: ({ error }) => <Nowhere error={error} /> })
