import { Button } from 'antd'
import { type FormEvent, useState } from 'react'
import { StatusOf, ChooseAction } from '../catalogue/choose.tsx'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { departments } from '../names/departments.ts'
import { Pick } from '../names/pick.tsx'
import { users } from '../names/users.tsx'
import { useMay } from '../shell/may.ts'
import type { Question } from './question.ts'
import { useText } from './text.ts'

/** Form is what a question is put together with. It is asked when one says so, as each leaves a record. */
export function Form({ first, ask }: { first: Question; ask: (q: Question) => void }) {
  const t = useText()
  const [q, setQ] = useState(first)
  const others = useMay()('user:read')
  const resource = useCatalogue().data?.items.find((r) => r.name === q.resource)
  const put = (part: Partial<Question>) => setQ((before) => ({ ...before, ...part }))
  const submit = (e: FormEvent) => {
    e.preventDefault()
    ask(q)
  }
  return (
    <form className="access-form" onSubmit={submit}>
      <div className="filters">
        {q.ask !== 'who' && (
          <label>
            {t('access.subject')}
            <Pick
              from={users}
              label={t('access.subject')}
              value={q.subject ? [q.subject] : []}
              change={([subject = '']) => put({ subject })}
              none={t('access.me')}
              disabled={!others}
            />
          </label>
        )}
        {q.ask !== 'what' && <ChooseAction resource={q.resource} action={q.action} change={(r, action) => put({ resource: r, action })} />}
        {(q.ask === 'what' || q.ask === 'filter') && <Submit />}
      </div>
      {q.ask !== 'what' && <StatusOf resource={resource} />}
      {(q.ask === 'may' || q.ask === 'who') && (
        <fieldset>
          <legend>{t('access.object')}</legend>
          <p className="quiet">{t('access.objectHelp')}</p>
          <div className="filters">
            <label>
              {t(q.resource === 'conversation' ? 'access.requester' : 'access.owner')}
              <Pick
                from={users}
                label={t('access.owner')}
                value={q.owner ? [q.owner] : []}
                change={([owner = '']) => put({ owner })}
                none={t('access.nobody')}
              />
            </label>
            {resource?.assignable && (
              <label>
                {t('access.assignee')}
                <Pick
                  from={users}
                  label={t('access.assignee')}
                  value={q.assignee ? [q.assignee] : []}
                  change={([assignee = '']) => put({ assignee })}
                  none={t('access.nobody')}
                />
              </label>
            )}
            <label>
              {t('access.department')}
              <Pick
                from={departments}
                label={t('access.department')}
                value={q.departments}
                change={(ids) => put({ departments: ids })}
                many
                none={t('access.none')}
              />
            </label>
            <Submit />
          </div>
        </fieldset>
      )}
    </form>
  )
}

function Submit() {
  return (
    <Button type="primary" htmlType="submit">
      {useText()('access.ask')}
    </Button>
  )
}
