import { Button } from 'antd'
import { useCallback, useState } from 'react'
import type { components } from '../../shared/api/schema.d.ts'
import { exact } from '../../shared/text/time.ts'
import { client, queries } from '../app.ts'
import { type Column, Listing, Opener } from '../listing/listing.tsx'
import { usePages } from '../listing/pages.ts'
import { Search } from '../listing/search.tsx'
import { leave } from '../shell/draft.ts'
import { useMay } from '../shell/may.ts'
import { TagPanel } from './tag.tsx'
import { useLanguage, useText } from './text.ts'

export type Tag = components['schemas']['TagJSON']

/** Tags are the words that agents put on conversations. */
export function Tags() {
  const t = useText()
  const language = useLanguage()
  const may = useMay()
  const [q, setQ] = useState('')
  const [open, setOpen] = useState<Tag | 'new'>()
  const found = usePages<Tag>(['tags', q], (cursor) => client.get('/v1/tags', { query: { q, limit: 50, cursor } }))
  const columns: Column<Tag>[] = [
    { text: t('tags.name'), of: (tag) => <Opener text={tag.name} open={() => setOpen(tag)} /> },
    { text: t('tags.changed'), of: (tag) => exact(tag.updated_at, language) },
  ]
  const close = () => setOpen((now) => (now === open ? undefined : now)) // who saved may have opened another meanwhile
  return (
    <div className="page">
      <section className="page-main">
        <header className="page-head">
          <h1>{t('menu.tags')}</h1>
          <Search label={t('tags.search')} change={useCallback((text: string) => setQ(text), [])} />
          {may('tag:create') && (
            <Button type="primary" onClick={() => leave(() => setOpen('new'))}>
              {t('tags.new')}
            </Button>
          )}
        </header>
        <Listing label={t('menu.tags')} columns={columns} found={found} keyOf={(tag) => tag.id} isOpen={(tag) => open !== 'new' && tag.id === open?.id} none={t(q ? 'tags.notFound' : 'tags.none')} />
      </section>
      {open && (
        <TagPanel
          key={open === 'new' ? 'new' : open.id}
          tag={open === 'new' ? undefined : (found.items.find((x) => x.id === open.id) ?? open)}
          again={() => found.refetch()}
          close={close}
          done={() => {
            void queries.invalidateQueries({ queryKey: ['tags'] })
            close()
          }}
        />
      )}
    </div>
  )
}
