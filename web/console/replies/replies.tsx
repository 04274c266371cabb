import { Button } from 'antd'
import { useCallback, useState } from 'react'
import type { CannedReply } from '../../shared/desk/desk.ts'
import { exact } from '../../shared/text/time.ts'
import { client, queries } from '../app.ts'
import { type Column, Listing, Opener } from '../listing/listing.tsx'
import { usePages } from '../listing/pages.ts'
import { Search } from '../listing/search.tsx'
import { leave } from '../shell/draft.ts'
import { useMay } from '../shell/may.ts'
import { ReplyPanel } from './reply.tsx'
import { useLanguage, useText } from './text.ts'

/** Replies are the canned replies: what agents say again and again, and find by a slash. */
export function Replies() {
  const t = useText()
  const language = useLanguage()
  const may = useMay()
  const [q, setQ] = useState('')
  const [open, setOpen] = useState<CannedReply | 'new'>()
  const found = usePages<CannedReply>(['replies', q], (cursor) => client.get('/v1/canned-replies', { query: { q, limit: 50, cursor } }))
  const columns: Column<CannedReply>[] = [
    { text: t('replies.name'), of: (r) => <Opener text={r.title} open={() => setOpen(r)} /> },
    { text: t('replies.shortcut'), of: (r) => (r.shortcut ? <code>/{r.shortcut}</code> : '–') },
    { text: t('replies.body'), spare: true, cut: true, of: (r) => r.body },
    { text: t('replies.department'), spare: true, of: (r) => r.department?.name ?? t('replies.everybody') },
    { text: t('replies.author'), spare: true, of: (r) => r.author.name },
    { text: t('replies.changed'), spare: true, of: (r) => exact(r.updated_at, language) },
  ]
  const close = () => setOpen((now) => (now === open ? undefined : now)) // who saved may have opened another meanwhile
  return (
    <div className="page">
      <section className="page-main">
        <header className="page-head">
          <h1>{t('menu.replies')}</h1>
          <Search label={t('replies.search')} change={useCallback((text: string) => setQ(text), [])} />
          {may('canned_reply:create') && (
            <Button type="primary" onClick={() => leave(() => setOpen('new'))}>
              {t('replies.new')}
            </Button>
          )}
        </header>
        <Listing label={t('menu.replies')} columns={columns} found={found} keyOf={(r) => r.id} isOpen={(r) => open !== 'new' && r.id === open?.id} none={t(q ? 'replies.notFound' : 'replies.none')} />
      </section>
      {open && (
        <ReplyPanel
          key={open === 'new' ? 'new' : open.id}
          reply={open === 'new' ? undefined : (found.items.find((x) => x.id === open.id) ?? open)}
          again={() => found.refetch()}
          close={close}
          done={() => {
            void queries.invalidateQueries({ queryKey: ['replies'] })
            close()
          }}
        />
      )}
    </div>
  )
}
