import { useNavigate, useParams } from '@tanstack/react-router'
import { useCallback, useEffect, useRef, useState } from 'react'
import { session, useStore } from '../app.ts'
import { useMay } from '../shell/may.ts'
import { readOwnAgent } from '../shell/presence.tsx'
import { useText } from './text.ts'
import './desk.css'
import { inbox, type Tab } from './inbox.ts'
import { List } from './list.tsx'
import { Keys, useKeys } from './keys.tsx'
import { ThreadPane } from './thread.tsx'
import { useTitle } from './title.ts'

/** Workbench is where an agent works several conversations: lists, the open one, and what is known about it. */
export function Workbench() {
  const t = useText()
  const navigate = useNavigate()
  const { id } = useParams({ strict: false }) as { id?: string }
  const { lists, counts } = useStore(inbox.store)
  const works = useMay()('conversation:take', 'conversation:reply')
  const [tab, setTab] = useState<Tab>(works ? 'mine' : 'all')
  const [help, setHelp] = useState(false)
  const search = useRef<HTMLInputElement>(null)
  const items = lists[tab].items

  useEffect(() => inbox.start(), [])
  useEffect(() => inbox.watch((row) => row.last_assignee?.id === session.user?.id && void readOwnAgent()), [])
  useTitle(lists.mine.items)

  const open = useCallback((to: string) => void navigate({ to: '/desk/$id', params: { id: to } }), [navigate])
  const step = (by: number) => {
    const at = items.findIndex((c) => c.id === id)
    const next = items[at < 0 ? 0 : (at + by + items.length) % items.length]
    if (next) open(next.id)
  }
  useKeys({
    'Alt+KeyJ': () => step(1),
    'Alt+KeyK': () => step(-1),
    'Alt+KeyU': () => {
      setTab('mine')
      if (lists.mine.items[0]) open(lists.mine.items[0].id)
    },
    ...Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`Alt+Digit${i + 1}`, () => items[i] && open(items[i].id)])),
    '?': () => setHelp(true),
    'Ctrl+KeyK': () => search.current?.focus(),
  })

  return (
    <div className="bench">
      <List tab={tab} choose={setTab} lists={lists} counts={counts} open={open} current={id} search={search} />
      {id ? (
        <ThreadPane key={id} id={id} next={() => step(1)} took={() => setTab('mine')} />
      ) : (
        <section className="bench-empty">
          <h1>{t('desk.choose')}</h1>
          <p>{t('desk.chooseHelp')}</p>
        </section>
      )}
      <Keys open={help} close={() => setHelp(false)} />
    </div>
  )
}
