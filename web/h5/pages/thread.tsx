import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { Conversation } from '../../shared/desk/desk.ts'
import { countedPlaces, over } from '../../shared/desk/desk.ts'
import { Thread } from '../../shared/desk/thread.ts'
import { client, feed, useStore } from '../app.ts'
import { Bar } from '../parts/bar.tsx'
import { Composer } from '../parts/composer.tsx'
import { Bubble, OutgoingBubble } from '../parts/bubble.tsx'
import { Rating } from '../parts/rating.tsx'
import { Refused } from '../parts/refused.tsx'
import { takeRequest } from '../requests.ts'
import { t } from '../text.ts'

/** ThreadPage is one conversation: what was said, and the place to go on. */
export function ThreadPage({ id, user }: { id: string; user: string }) {
  const [thread] = useState(() => new Thread(client, feed, user, id))
  const { conversation: c, messages, outgoing, earlier, typing, problem } = useStore(thread.store)
  const [error, setError] = useState<unknown>()
  const list = useStick(messages.length + outgoing.length)

  useEffect(() => () => thread.close(), [thread])
  useEffect(() => {
    if (c) takeRequest(c)
  }, [c])
  useEffect(() => {
    const see = () => document.visibilityState === 'visible' && thread.sawAll()
    see()
    document.addEventListener('visibilitychange', see)
    return () => document.removeEventListener('visibilitychange', see)
  }, [messages.length, c?.id])

  async function act(deed: 'leave' | 'reopen' | 'resolve') {
    try {
      setError(undefined)
      thread.update(await client.post(`/v1/conversations/{id}/${deed}`, { path: { id }, version: thread.store.get().conversation!.version }))
    } catch (e) {
      setError(e)
      void thread.read()
    }
  }

  const read = c?.cursors?.assignee.read ?? 0
  return (
    <main class="thread">
      <Bar title={c?.subject ?? ''} back="#/">
        {c && (
          <p class="bar-state">
            <span class={'state ' + c.state}>{t(`state.${c.state}`)}</span> #{c.number}
            {c.assignee && ' · ' + t('thread.with', { agent: c.assignee.name })}
          </p>
        )}
      </Bar>
      <Refused error={problem} again={() => void thread.read()} />
      <div class="messages" role="log" aria-label={t('thread.log')} tabIndex={0} ref={list}>
        {earlier && (
          <button type="button" class="quiet wide" onClick={() => void thread.readEarlier()}>
            {t('message.earlier')}
          </button>
        )}
        {!c && !problem && <Ghosts />}
        {messages.map((m, i) => (
          <Bubble key={m.id} message={m} before={messages[i - 1]} mine={m.author?.id === user} read={m.seq <= read} last={i === messages.length - 1 && outgoing.length === 0} />
        ))}
        {outgoing.map((o) => (
          <OutgoingBubble key={o.id} outgoing={o} retry={() => thread.retry(o.id)} drop={() => thread.drop(o.id)} />
        ))}
        {typing && <p class="typing">{t('thread.typing')}</p>}
      </div>
      <Refused error={error} />
      {c && <Foot conversation={c} act={(deed) => void act(deed)} take={(next) => thread.update(next)} />}
      {c && !over(c.state) && <Composer thread={thread} />}
    </main>
  )
}

/** place says how many are before one. The server counts up to countedPlaces. */
function place(before = 0): string {
  if (before >= countedPlaces) return t('thread.many', { count: countedPlaces })
  return before > 0 ? t('thread.first', { count: before }) : t('thread.next')
}

/** Foot is what there is to do besides writing. */
function Foot({ conversation: c, act, take }: { conversation: Conversation; act: (deed: 'leave' | 'reopen' | 'resolve') => void; take: (c: Conversation) => void }) {
  if (c.state === 'queued') {
    return (
      <div class="foot">
        <p>{place(c.position)}</p>
        <button type="button" class="quiet" onClick={() => act('leave')}>
          {t('thread.leave')}
        </button>
      </div>
    )
  }
  if (c.state === 'resolved' || c.state === 'closed') {
    return (
      <div class="foot column">
        <Rating conversation={c} take={take} />
        {c.state === 'resolved' ? (
          <button type="button" class="quiet" onClick={() => act('reopen')}>
            {t('thread.reopen')}
          </button>
        ) : (
          <Ended />
        )}
      </div>
    )
  }
  return c.state === 'abandoned' ? (
    <div class="foot">
      <Ended />
    </div>
  ) : null
}

function Ended() {
  return (
    <>
      <p>{t('thread.ended')}</p>
      <a class="quiet" href="#/ask">
        {t('thread.new')}
      </a>
    </>
  )
}

function Ghosts() {
  return (
    <>
      <p class="bubble ghost" />
      <p class="bubble ghost mine" />
      <p class="bubble ghost" />
    </>
  )
}

/** useStick keeps a list at its end while its reader is there, and where it is while they read above. */
function useStick(count: number) {
  const list = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  useEffect(() => {
    const box = list.current!
    const look = () => (atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 80)
    const stay = () => atEnd.current && box.scrollTo(0, box.scrollHeight)
    box.addEventListener('scroll', look)
    addEventListener('resize', stay) // the keyboard of a phone
    return () => {
      box.removeEventListener('scroll', look)
      removeEventListener('resize', stay)
    }
  }, [])
  useLayoutEffect(() => {
    if (atEnd.current) list.current!.scrollTo(0, list.current!.scrollHeight)
  }, [count])
  return list
}
