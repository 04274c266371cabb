import { departments } from '../names/departments.ts'
import { PickOne } from '../names/one.tsx'
import { type Change, useChange } from '../shell/change.ts'
import { Count, Seconds, Yes } from './fields.tsx'
import { Saved } from './save.tsx'
import { changeDesk, type DeskSettings } from './tenant.ts'
import { useText } from './text.ts'

type Props = { settings: DeskSettings; again: () => Promise<unknown> }

const day = 86_400 // seconds, the most that an age can be
const month = 30 * day

const ages = [
  { name: 'preferred_seconds', text: 'dispatch.preferred', most: 600 },
  { name: 'relax_seconds', text: 'dispatch.relax', most: day },
  { name: 'overflow_seconds', text: 'dispatch.overflow', most: day },
  { name: 'open_seconds', text: 'dispatch.open', most: day },
] as const
const times = [
  { name: 'first_answer_seconds', text: 'flow.first', most: day },
  { name: 'park_seconds', text: 'flow.park', most: month },
  { name: 'resolve_seconds', text: 'flow.resolve', most: month },
  { name: 'reopen_seconds', text: 'flow.reopen', most: month },
] as const

/** Dispatch is which agents are looked at, and from when on. */
export function Dispatch({ settings: s, again }: Props) {
  const t = useText()
  const form = useChange(s)
  const { now, put } = form
  return (
    <Saved title={t('dispatch.heading')} help={t('dispatch.help')} form={form} save={(sent) => changeDesk(s, sent)} again={again}>
      {(fixed) => (
        <>
          <Spans of={ages} form={form} fixed={fixed} />
          <Count text={t('dispatch.reserve')} value={now.reserve} change={(n) => put({ reserve: n })} most={100} disabled={fixed} />
          <Yes text={t('dispatch.busy')} value={now.busy_may_take} change={(yes) => put({ busy_may_take: yes })} disabled={fixed} />
          <PickOne
            from={departments}
            label={t('dispatch.fallback')}
            value={now.fallback_department ?? ''}
            change={(id) => put({ fallback_department: id || null })}
            none={t('dispatch.nowhere')}
            disabled={fixed}
          />
        </>
      )}
    </Saved>
  )
}

/** Flow is what time alone brings about. */
export function Flow({ settings: s, again }: Props) {
  const t = useText()
  const form = useChange(s)
  return (
    <Saved title={t('flow.heading')} help={t('flow.help')} form={form} save={(sent) => changeDesk(s, sent)} again={again}>
      {(fixed) => <Spans of={times} form={form} fixed={fixed} />}
    </Saved>
  )
}

/** Watch is what holds for whoever monitors, whispers or barges. */
export function Watch({ settings: s, again }: Props) {
  const t = useText()
  const form = useChange(s)
  const { now, put } = form
  return (
    <Saved title={t('watch.heading')} form={form} save={(sent) => changeDesk(s, sent)} again={again}>
      {(fixed) => (
        <>
          <Yes text={t('watch.reason')} value={now.supervision_reason} change={(yes) => put({ supervision_reason: yes })} disabled={fixed} />
          <Yes text={t('watch.shown')} value={now.monitors_shown} change={(yes) => put({ monitors_shown: yes })} disabled={fixed} />
        </>
      )}
    </Saved>
  )
}

function Spans({ of: spans, form, fixed }: { of: typeof ages | typeof times; form: Change<DeskSettings>; fixed: boolean }) {
  const t = useText()
  return spans.map(({ name, text, most }) => (
    <Seconds key={name} text={t(text)} value={form.now[name]} change={(n) => form.put({ [name]: n })} most={most} disabled={fixed} />
  ))
}
