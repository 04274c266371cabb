import { Button, Input } from 'antd'
import { type KeyboardEvent, type Ref, useEffect, useState } from 'react'
import type { Conversation } from '../../shared/desk/desk.ts'
import { client, useStore } from '../app.ts'
import { useMay } from '../shell/may.ts'
import { ownAgent } from '../shell/presence.tsx'
import { Refused } from '../shell/refused.tsx'
import { useText } from './text.ts'
import { inbox, type Tab, tabs } from './inbox.ts'
import { Row } from './row.tsx'

type Props = {
  tab: Tab
  choose: (tab: Tab) => void
  lists: ReturnType<typeof inbox.store.get>['lists']
  counts: ReturnType<typeof inbox.store.get>['counts']
  open: (id: string) => void
  current: string | undefined
  search: Ref<HTMLInputElement>
}

/** List is the left side: what is mine, what waits, what is parked and what has ended, or what was searched for. */
export function List({ tab, choose, lists, counts, open, current, search }: Props) {
  const t = useText()
  const { agent } = useStore(ownAgent)
  const [q, setQ] = useState('')
  const found = useFound(q)
  const list = lists[tab]
  const may = useMay()
  const shown = tabs.filter((x) => (x === 'all' ? may('conversation:read:department') : x !== 'waiting' || may('conversation:read:unassigned')))
  useEffect(() => {
    if (tab === 'all' && !lists.all.loaded) void inbox.read('all')
  }, [tab])

  const items = found?.items ?? list.items
  return (
    <section className="list" aria-label={t('desk.list')}>
      <div className="list-head">
        <Input.Search
          ref={(input) => {
            if (search && typeof search === 'object') search.current = input?.input ?? null
          }}
          aria-label={t('desk.search')}
          placeholder={t('desk.search')}
          allowClear
          value={q}
          onChange={(e) => setQ(e.target.value)}
        />
        <div className="tabs" role="tablist" aria-label={t('desk.list')} onKeyDown={arrows}>
          {shown.map((x) => (
            <button key={x} type="button" role="tab" id={'tab-' + x} aria-selected={!found && x === tab} aria-controls="rows" tabIndex={x === tab ? 0 : -1} onClick={() => (setQ(''), choose(x))}>
              {t(`desk.${x}`)}
              <b>{counts[x] ?? '–'}</b>
            </button>
          ))}
        </div>
      </div>
      {agent?.status === 'offline' && tab === 'mine' && <GoOnline />}
      <div className="rows" id="rows" role="tabpanel" aria-labelledby={'tab-' + tab} onPointerEnter={() => inbox.hold(true)} onPointerLeave={() => inbox.hold(false)}>
        <Refused error={found ? found.error : list.error} again={() => void inbox.read(tab)} />
        {!list.loaded && !found && !list.error && <Ghosts />}
        {partsOf(items).map((part, i) => (
          <div key={i} className="list-part">
            {part.map((c) => (
              <Row key={c.id} conversation={c} current={c.id === current} open={open} waiting={tab === 'waiting'} />
            ))}
          </div>
        ))}
        {list.loaded && items.length === 0 && <p className="empty">{t(`desk.none.${tab}`)}</p>}
        {!found && list.next && (
          <Button block type="text" onClick={() => void inbox.read(tab, true)}>
            {t('more')}
          </Button>
        )}
      </div>
    </section>
  )
}

const partSize = 20

/** partsOf parts a list into rows that are laid out, drawn and skipped together: of hundreds a browser looks at a few boxes. */
function partsOf(items: Conversation[]): Conversation[][] {
  return Array.from({ length: Math.ceil(items.length / partSize) }, (_, i) => items.slice(i * partSize, (i + 1) * partSize))
}

function GoOnline() {
  const t = useText()
  return (
    <div className="go-online" role="status">
      <span>{t('desk.online')}</span>
      <Button size="small" type="primary" onClick={() => void client.put('/v1/me/agent', { body: { status: 'online' } }).then((agent) => ownAgent.set({ agent }))}>
        {t('desk.goOnline')}
      </Button>
    </div>
  )
}

/** arrows moves between tabs, as readers of tabs expect. */
function arrows(e: KeyboardEvent<HTMLDivElement>) {
  const by = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0
  if (by === 0) return
  const all = [...e.currentTarget.querySelectorAll<HTMLButtonElement>('[role=tab]')]
  const next = all[(all.indexOf(document.activeElement as HTMLButtonElement) + by + all.length) % all.length]
  next?.focus()
  next?.click()
}

/** useFound is what the server finds for a text, a moment after the last key. */
function useFound(q: string): { items: Conversation[]; error: unknown } | undefined {
  const [found, setFound] = useState<{ items: Conversation[]; error: unknown }>()
  useEffect(() => {
    const text = q.trim()
    if (!text) {
      setFound(undefined)
      return
    }
    const stop = new AbortController()
    const timer = setTimeout(() => {
      client.get('/v1/conversations', { query: { q: text, limit: 50 }, signal: stop.signal }).then(
        ({ items }) => setFound({ items, error: undefined }),
        (error: unknown) => !stop.signal.aborted && setFound({ items: [], error }),
      )
    }, 250)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [q])
  return found
}

function Ghosts() {
  return Array.from({ length: 6 }, (_, i) => (
    <div key={i} className="conversation ghost">
      <i />
      <i />
    </div>
  ))
}
