import { App, Button } from 'antd'
import { type FormEvent, useState } from 'react'
import { client, queries } from '../app.ts'
import { meant, useChange } from '../shell/change.ts'
import { Confirm } from '../shell/confirm.tsx'
import { Dialog } from '../shell/dialog.tsx'
import { useMay } from '../shell/may.ts'
import { FactFields, factsOf } from './facts.tsx'
import type { Role } from './grants.ts'
import { Preview } from './preview.tsx'
import { useLanguage, useText } from './text.ts'
import { labelOf } from './names.ts'

type Props = { role: Role; saved: (name: string | undefined) => void }

/** Deeds are what can be done with a role as a whole: other words for it, activating and deactivating it, deleting it. */
export function Deeds({ role, saved }: Props) {
  const t = useText()
  const language = useLanguage()
  const { message } = App.useApp()
  const may = useMay()
  const [open, setOpen] = useState<'facts' | 'active' | 'delete'>()
  const done = (said: string, to: string | undefined = role.name) => {
    setOpen(undefined)
    void message.success(said)
    saved(to)
  }
  const path = { name: role.name }
  const said = { role: labelOf(role, language) }
  return (
    <>
      {may('role:update') && !role.built_in && <Button onClick={() => setOpen('facts')}>{t('deeds.facts')}</Button>}
      {may('role:update') && <Button onClick={() => setOpen('active')}>{t(role.active ? 'deeds.deactivate' : 'deeds.activate')}</Button>}
      {may('role:delete') && !role.built_in && (
        <Button danger onClick={() => setOpen('delete')}>
          {t('deeds.delete')}
        </Button>
      )}
      {open === 'facts' && <EditFacts role={role} close={() => setOpen(undefined)} done={() => done(t('roles.saved'))} />}
      {open === 'active' && (
        <Preview
          change={['active', role.name, role.version, !role.active]}
          title={t(role.active ? 'deeds.deactivateOf' : 'deeds.activateOf', said)}
          save={t(role.active ? 'deeds.deactivate' : 'deeds.activate')}
          danger={role.active}
          ask={(cursor) => client.post('/v1/roles/{name}/preview', { path, body: { active: !role.active }, query: { limit: 100, cursor } })}
          make={(preview) => client.post(role.active ? '/v1/roles/{name}/deactivate' : '/v1/roles/{name}/activate', { path, preview })}
          close={() => setOpen(undefined)}
          done={() => done(t(role.active ? 'deeds.deactivated' : 'deeds.activated'))}
        />
      )}
      {open === 'delete' && (
        <Confirm
          title={t('deeds.deleteOf', said)}
          save={t('deeds.delete')}
          danger
          make={() => client.delete('/v1/roles/{name}', { path, version: role.version })}
          close={() => setOpen(undefined)}
          done={() => {
            setOpen(undefined)
            void message.success(t('deeds.deleted'))
            saved(undefined)
          }}
        >
          <p>{t('deeds.deleteHelp')}</p>
        </Confirm>
      )}
    </>
  )
}

/** EditFacts changes what a role is called; whether that means a second factor for anybody is shown before. */
function EditFacts({ role, close, done }: { role: Role; close: () => void; done: () => void }) {
  const t = useText()
  const { now: facts, put, sent: edit } = useChange(factsOf(role))
  const [looking, setLooking] = useState(false)
  const path = { name: role.name }
  if (looking) {
    return (
      <Preview
        change={['facts', role.name, role.version, edit]}
        ask={(cursor) => client.post('/v1/roles/{name}/preview', { path, body: { edit }, query: { limit: 100, cursor } })}
        make={(preview) => meant(client.patch('/v1/roles/{name}', { path, version: role.version, preview, body: edit }), () => queries.refetchQueries({ queryKey: ['role', role.name] }))}
        close={close}
        done={done}
      />
    )
  }
  const review = (e: FormEvent) => {
    e.preventDefault()
    setLooking(true)
  }
  return (
    <Dialog title={t('deeds.facts')} width={480} close={close}>
      <form className="stack" onSubmit={review}>
        <FactFields facts={facts} put={put} />
        <div className="row-end">
          <Button onClick={close}>{t('cancel')}</Button>
          <Button type="primary" htmlType="submit" disabled={Object.keys(edit).length === 0}>
            {t('roles.review', { count: Object.keys(edit).length })}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
