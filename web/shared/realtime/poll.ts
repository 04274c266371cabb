import type { Client } from '../api/client.ts'
import type { Said, Stream } from './stream.ts'

/** pollOnce waits until something happens in the streams, 25 seconds at most, and returns it as a connection would say it. */
export async function pollOnce(client: Client, streams: Stream[], signal: AbortSignal): Promise<Said[]> {
  if (streams.length === 0) {
    await new Promise((resolve) => setTimeout(resolve, 1000))
    return []
  }
  const after = streams.map((s) => s.position()).filter(Boolean).join(',')
  const answer = await client.get('/v1/events', {
    query: { stream: streams.map((s) => s.name).join(',') as unknown as string[], after, wait: after === '' ? 0 : 25 },
    signal,
  })
  const said: Said[] = [
    ...answer.resets.map((r) => ({ type: 'reset' as const, ...r })),
    ...(answer.events as Said[]),
    ...answer.ended.map((e) => ({ type: 'ended' as const, ...e })),
  ]
  for (const place of answer.next.split(',').filter(Boolean)) {
    const [name, seq, view] = place.split(':')
    const stream = streams.find((s) => s.name === name)
    if (stream && stream.seq === undefined) said.unshift({ type: 'followed', stream: name!, seq: Number(seq), ...(view ? { view } : {}) })
  }
  return said
}
