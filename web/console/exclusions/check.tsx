import { Button } from 'antd'
import type { components } from '../../shared/api/schema.d.ts'
import { toProblem } from '../../shared/api/problem.ts'
import { client } from '../app.ts'
import { More } from '../listing/more.tsx'
import { anew, usePages } from '../listing/pages.ts'
import { RoleName } from '../names/roles.tsx'
import { UserName } from '../names/users.tsx'
import { useDeed } from '../shell/deed.ts'
import { Dialog } from '../shell/dialog.tsx'
import { Refused } from '../shell/refused.tsx'
import { useText } from './text.ts'

type Change = components['schemas']['PreviewExclusionInputBody']
type Preview = components['schemas']['ExclusionImpactJSON']
type Props = { change: Change; make: (digest: string) => Promise<unknown>; close: () => void; done: () => void }

/** Check shows who violates what an exclusion would be. As long as there are any it cannot be saved. */
export function Check({ change, make, close, done }: Props) {
  const t = useText()
  const { busy, error, act } = useDeed()
  const found = usePages<Preview['items'][number], Preview>(
    ['preview', 'exclusion', change],
    (cursor) => client.post('/v1/exclusions/preview', { body: change, query: { limit: 50, cursor } }),
    anew,
  )
  const first = found.data?.pages[0]

  async function save() {
    const made = await act(async () => {
      await make(first!.digest).catch((e: unknown) => {
        if (toProblem(e).code === 'preview_differs') void found.refetch()
        throw e
      })
    })
    if (made) done()
  }
  return (
    <Dialog width={560} title={t(change.delete ? 'exclusions.delete' : 'check.title')} close={close}>
      <div className="stack">
        {found.isPending && <div className="ghost-box" aria-busy="true" />}
        <Refused error={found.error} />
        {change.delete && <p>{t('exclusions.deleteHelp')}</p>}
        {first && !change.delete && <p>{first.violators === 0 ? t('check.nobody') : t('check.violators', { count: first.violators })}</p>}
        <ul className="violators">
          {found.items.map((v) => (
            <li key={v.user.id}>
              <UserName id={v.user.id} />
              <span className="chips">
                {v.roles.map((r) => (
                  <i key={r} className="chip bad">
                    <RoleName name={r} />
                  </i>
                ))}
              </span>
            </li>
          ))}
        </ul>
        <More of={found} />
        {(first?.others ?? 0) > 0 && <p className="quiet">{t('check.others', { count: first!.others })}</p>}
        <Refused error={error} kept />
        <div className="row-end">
          <Button onClick={close}>{t('cancel')}</Button>
          <Button type="primary" danger={change.delete ?? false} loading={busy} disabled={!first || first.violators > 0} onClick={() => void save()}>
            {t(change.delete ? 'exclusions.delete' : 'check.save')}
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
