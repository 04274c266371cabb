import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { Thread } from '../../shared/desk/thread.ts'
import { client, feed, idle, session, useStore } from '../app.ts'
import { Refused } from '../shell/refused.tsx'
import { useText } from './text.ts'
import { Chunk, chunksOf } from './chunk.tsx'
import { Composer } from './composer.tsx'
import { Deeds } from './deeds.tsx'
import { Details } from './details.tsx'
import { inbox } from './inbox.ts'
import { Supervision } from './supervision.tsx'
import { OutgoingItem } from './message.tsx'

type Props = { id: string; next: () => void; took: () => void }

/** ThreadPane is the open conversation: its head, what was said, the place to answer, and what is known about it. */
export function ThreadPane({ id, next, took }: Props) {
  const t = useText()
  const me = session.user!.id
  const [thread] = useState(() => new Thread(client, feed, me, id))
  const { conversation: c, messages, outgoing, earlier, typing, problem } = useStore(thread.store)
  const { covered } = useStore(idle.store) // nobody reads through it
  const { box, below, toEnd } = useStick(messages.length + outgoing.length)

  useEffect(() => () => thread.close(), [thread])
  useEffect(
    () =>
      inbox.watch((row) => {
        if (row.id !== id) return
        const before = thread.store.get().conversation
        if (before && before.assignee?.id !== row.assignee?.id) void thread.read()
        else thread.update(row)
      }),
    [thread],
  )
  useEffect(() => {
    const see = () => document.visibilityState === 'visible' && !covered && !below && thread.sawAll()
    see()
    document.addEventListener('visibilitychange', see)
    return () => document.removeEventListener('visibilitychange', see)
  }, [messages.length, below, covered, c?.id])

  useEffect(() => {
    if (c) inbox.take(c)
  }, [c?.version, c?.unread])

  const chunks = useMemo(() => chunksOf(messages), [messages])
  const last = messages.at(-1)
  const seen = last?.author?.id !== me ? undefined : last.seq <= (c?.cursors?.requester.read ?? 0) ? 'read' : 'sent'
  return (
    <>
      <section className="thread" aria-label={c?.subject}>
        <header className="thread-head">
          <div className="thread-title">
            <h1 className="cut">{c?.subject ?? ' '}</h1>
            {c && (
              <p className="cut">
                <i className={'chip ' + c.state}>{t(`state.${c.state}`)}</i> #{c.number} · {t('thread.asks', { name: c.requester.name })}
              </p>
            )}
          </div>
          {c && <Deeds conversation={c} thread={thread} next={next} took={took} />}
        </header>
        <Refused error={problem} again={() => void thread.read()} />
        <div className="messages" role="log" aria-label={t('thread.log')} tabIndex={0} ref={box}>
          {earlier && (
            <button type="button" className="plain-button" onClick={() => void thread.readEarlier()}>
              {t('message.earlier')}
            </button>
          )}
          {!c && !problem && <Ghosts />}
          {chunks.map(({ key, messages: part }, i) => (
            <Chunk key={key} messages={part} before={chunks[i - 1]?.messages.at(-1)} me={me} seen={i === chunks.length - 1 ? seen : undefined} />
          ))}
          {outgoing.map((o) => (
            <OutgoingItem key={o.id} outgoing={o} retry={() => thread.retry(o.id)} drop={() => thread.drop(o.id)} />
          ))}
          {typing && c && <p className="typing">{t('thread.typing', { name: c.requester.name })}</p>}
        </div>
        {below && (
          <button type="button" className="new-pill" onClick={toEnd}>
            {t('thread.new')} ↓
          </button>
        )}
        {c && <Supervision conversation={c} thread={thread} />}
        {c && <Composer thread={thread} conversation={c} sent={toEnd} />}
      </section>
      {c && <Details conversation={c} thread={thread} />}
    </>
  )
}

function Ghosts() {
  return (
    <>
      <p className="said ghost" />
      <p className="said ghost mine" />
      <p className="said ghost" />
    </>
  )
}

/** useStick keeps a list at its end while its reader is there; below tells that something new is out of sight. */
function useStick(count: number) {
  const box = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const first = useRef(true)
  const [below, setBelow] = useState(false)
  const toEnd = () => box.current?.scrollTo(0, box.current.scrollHeight)
  useEffect(() => {
    const list = box.current!
    const look = () => {
      atEnd.current = list.scrollHeight - list.scrollTop - list.clientHeight < 60
      if (atEnd.current) setBelow(false)
    }
    const watch = new ResizeObserver(() => atEnd.current && toEnd())
    watch.observe(list)
    list.addEventListener('scroll', look)
    return () => {
      watch.disconnect()
      list.removeEventListener('scroll', look)
    }
  }, [])
  useLayoutEffect(() => {
    if (atEnd.current) toEnd()
    else if (!first.current) setBelow(true)
    if (count > 0) first.current = false
  }, [count])
  return { box, below, toEnd }
}
