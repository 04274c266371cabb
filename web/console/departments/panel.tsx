import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { exact } from '../../shared/text/time.ts'
import { client } from '../app.ts'
import { Panel } from '../listing/panel.tsx'
import { useMay } from '../shell/may.ts'
import { Refused } from '../shell/refused.tsx'
import { Deeds } from './deeds.tsx'
import { useDepartment } from './name.tsx'
import { useLanguage, useText } from './text.ts'

type Props = { id: string; open: (id: string) => void; close: () => void }

/** DepartmentPanel is one department: where it stands, and what can be done to it. */
export function DepartmentPanel({ id, open, close }: Props) {
  const t = useText()
  const language = useLanguage()
  const may = useMay()
  const read = useQuery({
    queryKey: ['departments', 'open', id],
    queryFn: () => client.get('/v1/departments/{id}', { path: { id } }),
    refetchOnWindowFocus: false,
  })
  const d = read.data
  return (
    <Panel label={t('departments.panel')} title={d?.name ?? '…'} close={close}>
      <Refused error={read.error} again={() => void read.refetch()} />
      {read.isPending && <div className="ghost-box" aria-busy="true" />}
      {d && (
        <>
          <Deeds department={d} open={open} gone={close} />
          <dl>
            <dt>{t('departments.above')}</dt>
            <dd>{d.parent ? <Above id={d.parent} open={open} /> : t('departments.root')}</dd>
            {may('user:read', 'user:view') && (
              <>
                <dt>{t('departments.people')}</dt>
                <dd>
                  <Link to="/users" search={{ department: d.id }}>
                    {t('departments.showPeople')}
                  </Link>
                </dd>
              </>
            )}
            <dt>{t('departments.created')}</dt>
            <dd>{exact(d.created_at, language)}</dd>
            <dt>{t('departments.updated')}</dt>
            <dd>{exact(d.updated_at, language)}</dd>
            <dt>{t('departments.id')}</dt>
            <dd>
              <code>{d.id}</code>
            </dd>
          </dl>
        </>
      )}
    </Panel>
  )
}

/** Above are the departments above one, from the root on. */
function Above({ id, open }: { id: string; open: (id: string) => void }) {
  const { department: d } = useDepartment(id)
  return (
    <>
      {d?.parent && (
        <>
          <Above id={d.parent} open={open} /> /{' '}
        </>
      )}
      {d ? (
        <button type="button" className="plain-button above" onClick={() => open(id)}>
          {d.name}
        </button>
      ) : (
        <code>…{id.slice(-8)}</code>
      )}
    </>
  )
}
