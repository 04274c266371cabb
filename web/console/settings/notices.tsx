import { useQueryClient } from '@tanstack/react-query'
import { Button } from 'antd'
import type { components } from '../../shared/api/schema.d.ts'
import { exact } from '../../shared/text/time.ts'
import { client } from '../app.ts'
import { type Column, Listing } from '../listing/listing.tsx'
import { type Page, usePages } from '../listing/pages.ts'
import { UserName } from '../names/users.tsx'
import { Card } from '../shell/card.tsx'
import { useDeed } from '../shell/deed.ts'
import { useMay } from '../shell/may.ts'
import { Refused } from '../shell/refused.tsx'
import { useLanguage } from '../text.ts'
import { useText } from './text.ts'

type Notice = components['schemas']['NoticeJSON']

/** Notices are what was done to administrators on the machine itself, until one of them says that they have read it. */
export function Notices() {
  const t = useText()
  const language = useLanguage()
  const may = useMay()
  const deed = useDeed()
  const queries = useQueryClient()
  const found = usePages<Notice>(['notices'], (cursor) => client.get('/v1/notices', { query: { limit: 20, cursor } }) as Promise<Page<Notice>>)
  const acknowledge = (id: string) =>
    deed.act(async () => {
      await client.post('/v1/notices/{id}/acknowledge', { path: { id } })
      await queries.invalidateQueries({ queryKey: ['notices'] })
    })
  const columns: Column<Notice>[] = [
    { text: t('notices.what'), of: (n) => t(`notices.${n.kind}`) },
    { text: t('notices.whom'), of: (n) => <UserName id={n.user} /> },
    { text: t('notices.at'), of: (n) => exact(n.created_at, language) },
    {
      text: t('notices.read'),
      of: (n) =>
        n.acknowledged_by ? (
          <UserName id={n.acknowledged_by} />
        ) : may('system_config:update') ? (
          <Button size="small" loading={deed.busy} onClick={() => void acknowledge(n.id)}>
            {t('notices.acknowledge')}
          </Button>
        ) : (
          '–'
        ),
    },
  ]
  return (
    <Card title={t('notices.heading')} wide>
      <Refused error={deed.error} />
      <Listing label={t('notices.heading')} columns={columns} found={found} keyOf={(n) => n.id} none={t('notices.none')} />
    </Card>
  )
}
