import { App, Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { exact } from '../../shared/text/time.ts'
import { client } from '../app.ts'
import { Pick } from '../names/pick.tsx'
import { useRoleSource } from '../names/roles.tsx'
import { useNames } from '../names/source.ts'
import { meant, useChange } from '../shell/change.ts'
import { useMay } from '../shell/may.ts'
import { useLanguage } from '../text.ts'
import { Check } from './check.tsx'
import { type Draft, draftOf, type Exclusion } from './exclusion.ts'
import { useText } from './text.ts'

type Props = { exclusion: Exclusion | undefined; again: () => Promise<unknown>; done: (name: string | undefined) => void }

/** save makes an exclusion, or changes one that there was. */
function save(before: Exclusion | undefined, draft: Draft, sent: Partial<Draft>, preview: string): Promise<Exclusion> {
  if (!before) return client.post('/v1/exclusions', { preview, body: draft })
  return client.patch('/v1/exclusions/{name}', { path: { name: before.name }, version: before.version, preview, body: sent })
}

/** Editor writes an exclusion. It is checked against everybody before it is saved. */
export function Editor({ exclusion: before, again, done }: Props) {
  const t = useText()
  const language = useLanguage()
  const { message } = App.useApp()
  const may = useMay()('role:assign')
  const { now: draft, put, undo, sent, changed } = useChange<Draft>(draftOf(before))
  const [checking, setChecking] = useState<'save' | 'delete'>()
  const roles = useRoleSource()
  const names = useNames(roles, draft.roles)
  const whole = draft.roles.length > draft.at_most && draft.at_most >= 1
  const said = new Intl.ListFormat(language, { type: 'conjunction' }).format(draft.roles.map((r) => names.get(r) ?? r))

  function review(e: FormEvent) {
    e.preventDefault()
    setChecking('save')
  }
  return (
    <>
      {draft.roles.length > 1 && <p className="exclusion-words">{t('exclusions.words', { roles: said, count: draft.at_most })}</p>}
      <p className="quiet">{t('exclusions.counts')}</p>
      <form className="stack" onSubmit={review}>
        {!before && (
          <label className="field">
            {t('exclusions.name')}
            <Input value={draft.name} onChange={(e) => put({ name: e.target.value })} required pattern="[a-z][a-z0-9_]{0,63}" spellCheck={false} />
            <small>{t('exclusions.nameHelp')}</small>
          </label>
        )}
        <label className="field">
          {t('exclusions.roles')}
          <Pick from={roles} label={t('exclusions.roles')} value={draft.roles} change={(names) => put({ roles: names })} many disabled={!may} />
        </label>
        <label className="field">
          {t('exclusions.atMost')}
          <input
            type="number"
            min={1}
            max={Math.max(1, draft.roles.length - 1)}
            value={draft.at_most}
            onChange={(e) => put({ at_most: e.target.valueAsNumber || 1 })}
            required
            disabled={!may}
          />
          <small>{t('exclusions.atMostHelp')}</small>
        </label>
        <label className="field">
          {t('exclusions.descriptionZh')}
          <Input.TextArea value={draft.description_zh} onChange={(e) => put({ description_zh: e.target.value })} maxLength={1000} rows={2} disabled={!may} />
        </label>
        <label className="field">
          {t('exclusions.descriptionEn')}
          <Input.TextArea value={draft.description_en} onChange={(e) => put({ description_en: e.target.value })} maxLength={1000} rows={2} disabled={!may} />
        </label>
        {may && (
          <div className="row-end">
            {before && (
              <Button danger onClick={() => setChecking('delete')}>
                {t('exclusions.delete')}
              </Button>
            )}
            {before && (
              <Button disabled={!changed} onClick={undo}>
                {t('exclusions.undo')}
              </Button>
            )}
            <Button type="primary" htmlType="submit" disabled={!whole || !changed}>
              {t('exclusions.review')}
            </Button>
          </div>
        )}
      </form>
      {before && <p className="quiet">{t('exclusions.updated', { time: exact(before.updated_at, language) })}</p>}
      {checking === 'save' && (
        <Check
          change={before ? { name: before.name, edit: sent } : { create: draft }}
          make={(preview) => meant(save(before, draft, sent, preview), again)}
          close={() => setChecking(undefined)}
          done={() => {
            message.success(t('exclusions.saved'))
            done(draft.name)
          }}
        />
      )}
      {checking === 'delete' && (
        <Check
          change={{ name: before!.name, delete: true }}
          make={(preview) => meant(client.delete('/v1/exclusions/{name}', { path: { name: before!.name }, version: before!.version, preview }), again)}
          close={() => setChecking(undefined)}
          done={() => {
            message.success(t('exclusions.deleted'))
            done(undefined)
          }}
        />
      )}
    </>
  )
}
