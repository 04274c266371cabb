import { useQuery } from '@tanstack/react-query'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { toProblem } from '../../shared/api/problem.ts'
import { client } from '../app.ts'
import { Refused } from '../shell/refused.tsx'
import { useLanguage, useText } from './text.ts'
import type { Role } from './grants.ts'

type Props = { role: Role; permissions: string[]; close: () => void; done: () => void }

/** Preview shows what a change of a role does, and to whom, before it is made. What was shown is what happens, or nothing. */
export function Preview({ role, permissions, close, done }: Props) {
  const t = useText()
  const language = useLanguage()
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  const impact = useQuery({
    queryKey: ['preview', role.name, role.version, permissions],
    queryFn: () => client.post('/v1/roles/{name}/preview', { path: { name: role.name }, body: { edit: { permissions } }, query: { limit: 100 } }),
    staleTime: 0,
    retry: false,
  })

  async function save() {
    setBusy(true)
    setError(undefined)
    try {
      await client.patch('/v1/roles/{name}', { path: { name: role.name }, version: role.version, preview: impact.data!.digest, body: { permissions } })
      done()
    } catch (e) {
      setError(e)
      if (toProblem(e).code === 'preview_differs') void impact.refetch()
    } finally {
      setBusy(false)
    }
  }
  const seen = impact.data
  return (
    <Modal open width={640} title={t('impact.title')} onCancel={close} footer={null}>
      <div className="stack impact">
        {impact.isPending && <div className="ghost-box" />}
        <Refused error={impact.error} />
        {seen && (
          <>
            <p className="impact-count">{seen.people === 0 ? t('impact.nobody') : t('impact.people', { count: seen.people })}</p>
            <ul>
              {seen.permissions.map((p) => (
                <li key={p.permission}>
                  {p.lost > 0 && <span className="bad">{t('impact.lose', { count: p.lost, what: language === 'en' ? p.en : p.zh })}</span>}
                  {p.gained > 0 && <span className="good">{t('impact.gain', { count: p.gained, what: language === 'en' ? p.en : p.zh })}</span>}
                  <code>{p.permission}</code>
                </li>
              ))}
            </ul>
            {seen.items.length > 0 && (
              <details>
                <summary>{t('impact.who')}</summary>
                <ul className="impact-people">
                  {seen.items.map((d) => (
                    <li key={d.user.id}>
                      <b>{d.user.name}</b>
                      {d.lost.map((p) => (
                        <del key={p}>− {p}</del>
                      ))}
                      {d.gained.map((p) => (
                        <ins key={p}>+ {p}</ins>
                      ))}
                    </li>
                  ))}
                </ul>
              </details>
            )}
            {seen.others > 0 && <p className="quiet">{t('impact.others', { count: seen.others })}</p>}
          </>
        )}
        <Refused error={error} />
        <div className="row-end">
          <Button onClick={close}>{t('cancel')}</Button>
          <Button type="primary" loading={busy} disabled={!seen} onClick={() => void save()}>
            {t('impact.save')}
          </Button>
        </div>
      </div>
    </Modal>
  )
}
