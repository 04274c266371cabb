import { type InfiniteData, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { components } from '../../shared/api/schema.d.ts'
import type { Conversation } from '../../shared/desk/desk.ts'
import { newer } from '../../shared/desk/desk.ts'
import { client, feed, queries, readMe } from '../app.ts'
import { anew, type Page, usePages } from '../listing/pages.ts'
import { setClock } from './clock.tsx'

export type Board = components['schemas']['BoardJSON']
export type Tile = Board['tiles'][number]
export type Member = Board['agents'][number]

const boardKey = ['board']

/** useBoard is the board, as it is and as it changes. The server decides what one sees of it. */
export function useBoard() {
  const query = useQuery({
    queryKey: boardKey,
    queryFn: () => client.get('/v1/board'),
    staleTime: 0,
    refetchOnWindowFocus: false, // what changes comes by itself, and reading leaves a record
  })
  useEffect(() => {
    if (query.data) setClock(query.data.at)
  }, [query.data])
  useEffect(() => {
    const again = () => void queries.invalidateQueries({ queryKey: boardKey })
    return feed.follow('board', undefined, {
      event: (e) => queries.setQueryData(boardKey, e['board'] as Board),
      reset: again,
      ended: again, // and hear why
    })
  }, [])
  return query
}

/** Which of the live conversations one looks at. */
export type Look = { state: string; skill: string; department: string }

const going = ['queued', 'active', 'on_hold']
type Read = InfiniteData<Page<Conversation>>

/** useLive are the conversations in which somebody waits or works, as they are and as they change. */
export function useLive(look: Look) {
  const key = ['live', look]
  const read = (cursor: string) =>
    client.get('/v1/conversations', { query: { limit: 50, cursor, skill: look.skill, department: look.department, state: look.state || going.join(',') } })
  const found = usePages<Conversation>(key, read, anew) // nobody followed what was read before
  useEffect(() => {
    const change = (f: (read: Read) => Read) => queries.setQueryData<Read>(key, (read) => read && f(read))
    return feed.follow('conversations', undefined, {
      event: (e) => change((read) => (e.kind === 'gone' ? without(read, e['id'] as string) : take(read, e['conversation'] as Conversation, look))),
      reset: () => {
        void readMe()
        void queries.invalidateQueries({ queryKey: key })
      },
    })
  }, [look.state, look.skill, look.department])
  return found
}

/** belongs tells whether a conversation is one of those that one looks at. */
function belongs(c: Conversation, look: Look): boolean {
  const states = look.state ? look.state.split(',') : going
  return states.includes(c.state) && (!look.skill || c.skill?.id === look.skill) && (!look.department || c.department?.id === look.department)
}

/** take takes in a later reading. What is there keeps its place: nothing jumps while somebody reads; what is new comes first. */
function take(read: Read, row: Conversation, look: Look): Read {
  if (!belongs(row, look)) return without(read, row.id)
  if (!read.pages.some((p) => p.items?.some((c) => c.id === row.id))) return inPages(read, (items, page) => (page === 0 ? [row, ...items] : items))
  return inPages(read, (items) => items.map((c) => (c.id === row.id ? newer(c, row) : c)))
}

function without(read: Read, id: string): Read {
  return inPages(read, (items) => items.filter((c) => c.id !== id))
}

function inPages(read: Read, f: (items: Conversation[], page: number) => Conversation[]): Read {
  return { ...read, pages: read.pages.map((p, i) => ({ ...p, items: f(p.items ?? [], i) })) }
}
