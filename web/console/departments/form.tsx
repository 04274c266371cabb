import { Button, Input } from 'antd'
import { type FormEvent, useState } from 'react'
import { client, queries } from '../app.ts'
import { departments } from '../names/departments.ts'
import { Pick } from '../names/pick.tsx'
import { Preview } from '../roles/preview.tsx'
import { meant, useChange } from '../shell/change.ts'
import { useDeed } from '../shell/deed.ts'
import { Dialog } from '../shell/dialog.tsx'
import { Refused } from '../shell/refused.tsx'
import type { Department } from './name.tsx'
import { useText } from './text.ts'

type Props = { department?: Department; above?: string; close: () => void; done: (d: Department) => void }

/** departmentsAgain reads departments anew, with the one that is open. */
export const departmentsAgain = () => queries.refetchQueries({ queryKey: ['departments'] })

/** DepartmentForm makes a department, or renames and moves one. Who stands where decides who sees what: a move is shown before it is made. */
export function DepartmentForm({ department: d, above, close, done }: Props) {
  const t = useText()
  const form = useChange<{ name: string; parent: string | null }>({ name: d?.name ?? '', parent: d?.parent ?? above ?? null })
  const { name, parent } = form.now
  const [looking, setLooking] = useState(false)
  const { busy, error, act } = useDeed()
  const moves = d !== undefined && form.sent.parent !== undefined

  function save(preview?: string): Promise<Department> {
    const named = name.trim()
    if (!d) return client.post('/v1/departments', { body: { name: named, parent } })
    const body = { ...form.sent, ...(form.sent.name === undefined ? {} : { name: named }) }
    return meant(client.patch('/v1/departments/{id}', { path: { id: d.id }, version: d.version, ...(preview ? { preview } : {}), body }), departmentsAgain)
  }
  function submit(e: FormEvent) {
    e.preventDefault()
    if (d && !form.changed) close()
    else if (moves) setLooking(true)
    else void act(async () => done(await save()))
  }
  if (looking) {
    return (
      <Preview
        title={t('departments.moveOf', { name: d!.name })}
        change={['department', d!.id, d!.version, parent]}
        ask={(cursor) => client.post('/v1/departments/{id}/preview', { path: { id: d!.id }, query: { cursor }, body: { parent } })}
        make={save}
        close={() => setLooking(false)}
        done={done}
      />
    )
  }
  return (
    <Dialog title={d ? t('departments.editOf', { name: d.name }) : t('departments.create')} width={460} close={close}>
      <form className="stack" onSubmit={submit}>
        <label className="field">
          {t('departments.name')}
          <Input value={name} onChange={(e) => form.put({ name: e.target.value })} required maxLength={128} autoComplete="off" autoFocus />
        </label>
        <div className="field">
          <span>{t('departments.above')}</span>
          <Pick
            from={departments}
            label={t('departments.above')}
            none={t('departments.root')}
            value={parent ? [parent] : []}
            change={([id]) => form.put({ parent: id ?? null })}
          />
        </div>
        <Refused error={error} kept />
        <div className="row-end">
          <Button onClick={close}>{t('cancel')}</Button>
          <Button type="primary" htmlType="submit" loading={busy} disabled={!name.trim()}>
            {t(moves ? 'departments.review' : 'departments.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
