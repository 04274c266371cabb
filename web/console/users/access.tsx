import { useQuery } from '@tanstack/react-query'
import type { components } from '../../shared/api/schema.d.ts'
import { exact } from '../../shared/text/time.ts'
import { client } from '../app.ts'
import { useRoleLabel } from '../roles/names.ts'
import { useCatalogue, useWords } from '../catalogue/catalogue.ts'
import { Refused } from '../shell/refused.tsx'
import { Departments } from './columns.tsx'
import { inForce, type User } from './person.ts'
import { useLanguage, useText } from './text.ts'

type Effective = components['schemas']['EffectiveJSON']

/** Access is what somebody may do now, each with what it comes from and until when. */
export function Access({ user }: { user: User }) {
  const t = useText()
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['access', user.id, user.version],
    queryFn: () => client.get('/v1/users/{id}/access', { path: { id: user.id } }),
    refetchOnWindowFocus: false,
  })
  return (
    <>
      <p className="quiet">{t('users.accessHelp')}</p>
      {!user.active && <p className="hint">{t('users.accessDisabled')}</p>}
      <Refused error={error} again={() => void refetch()} />
      {isPending && <div className="ghost-box" aria-busy="true" />}
      {data?.items.length === 0 && <p className="quiet">{t('users.accessNone')}</p>}
      {data && data.items.length > 0 && (
        <table className="effective">
          <thead>
            <tr>
              <th scope="col">{t('users.permission')}</th>
              <th scope="col">{t('users.scope')}</th>
              <th scope="col">{t('users.through')}</th>
            </tr>
          </thead>
          <tbody>
            {data.items.map((e) => (
              <Row key={e.permission} effective={e} user={user} />
            ))}
          </tbody>
        </table>
      )}
    </>
  )
}

function Row({ effective: e, user }: { effective: Effective; user: User }) {
  const t = useText()
  const words = useWords()
  const [resource = '', action = '', scope = ''] = e.permission.split(':')
  const status = useCatalogue().data?.items.find((r) => r.name === resource)?.status
  return (
    <tr>
      <th scope="row">
        {words.resource(resource)} · {words.action(action)}
        {status && status !== 'built-in' && <i className="chip plain">{t(`users.${status}`)}</i>}
        <code>{e.permission}</code>
      </th>
      <td>
        {words.scope(scope)}
        {e.departments && <small>{e.departments.length === 0 ? t('users.noDepartments') : <Departments ids={e.departments} />}</small>}
      </td>
      <td>
        {e.by.map((source) => (
          <Source key={source} source={source} user={user} />
        ))}
      </td>
    </tr>
  )
}

/** Source is a role, with the end of the last assignment by which it is held, or the user's own list. */
function Source({ source, user }: { source: string; user: User }) {
  const t = useText()
  const language = useLanguage()
  const label = useRoleLabel()
  if (user.permission_list && source === 'permissions') return <div>{t('users.ownList')}</div>
  const ends = inForce(user.assignments).filter((a) => a.role === source).map((a) => a.expires_at)
  const last = ends.includes(null) ? undefined : (ends as string[]).sort().at(-1)
  return (
    <div>
      {label(source)}
      {last && <small>{t('users.until', { time: exact(last, language) })}</small>}
    </div>
  )
}
