import { departments } from '../names/departments.ts'
import { Pick } from '../names/pick.tsx'
import { useChange } from '../shell/change.ts'
import { Count, Seconds, Yes } from './fields.tsx'
import { Saved } from './save.tsx'
import { changeDesk, type DeskSettings } from './tenant.ts'
import { useText } from './text.ts'

type Props = { settings: DeskSettings; again: () => Promise<unknown> }

const day = 86_400 // seconds, the most that an age can be
const month = 30 * day

/** Dispatch is which agents are looked at, and from when on. */
export function Dispatch({ settings: s, again }: Props) {
  const t = useText()
  const { now, put, undo, sent, changed } = useChange({
    preferred_seconds: s.preferred_seconds,
    relax_seconds: s.relax_seconds,
    overflow_seconds: s.overflow_seconds,
    open_seconds: s.open_seconds,
    reserve: s.reserve,
    busy_may_take: s.busy_may_take,
    fallback_department: s.fallback_department,
  })
  return (
    <Saved title={t('dispatch.heading')} help={t('dispatch.help')} changed={changed} undo={undo} send={() => changeDesk(s, sent)} again={again}>
      {(fixed) => (
        <>
          <Seconds text={t('dispatch.preferred')} value={now.preferred_seconds} change={(n) => put({ preferred_seconds: n })} most={600} disabled={fixed} />
          <Seconds text={t('dispatch.relax')} value={now.relax_seconds} change={(n) => put({ relax_seconds: n })} most={day} disabled={fixed} />
          <Seconds text={t('dispatch.overflow')} value={now.overflow_seconds} change={(n) => put({ overflow_seconds: n })} most={day} disabled={fixed} />
          <Seconds text={t('dispatch.open')} value={now.open_seconds} change={(n) => put({ open_seconds: n })} most={day} disabled={fixed} />
          <Count text={t('dispatch.reserve')} value={now.reserve} change={(n) => put({ reserve: n })} most={100} disabled={fixed} />
          <Yes text={t('dispatch.busy')} value={now.busy_may_take} change={(yes) => put({ busy_may_take: yes })} disabled={fixed} />
          <label className="field">
            {t('dispatch.fallback')}
            <Pick
              from={departments}
              label={t('dispatch.fallback')}
              value={now.fallback_department ? [now.fallback_department] : []}
              change={([id]) => put({ fallback_department: id ?? null })}
              none={t('dispatch.nowhere')}
              disabled={fixed}
            />
          </label>
        </>
      )}
    </Saved>
  )
}

/** Flow is what time alone brings about. */
export function Flow({ settings: s, again }: Props) {
  const t = useText()
  const { now, put, undo, sent, changed } = useChange({
    first_answer_seconds: s.first_answer_seconds,
    park_seconds: s.park_seconds,
    resolve_seconds: s.resolve_seconds,
    reopen_seconds: s.reopen_seconds,
  })
  return (
    <Saved title={t('flow.heading')} help={t('flow.help')} changed={changed} undo={undo} send={() => changeDesk(s, sent)} again={again}>
      {(fixed) => (
        <>
          <Seconds text={t('flow.first')} value={now.first_answer_seconds} change={(n) => put({ first_answer_seconds: n })} most={day} disabled={fixed} />
          <Seconds text={t('flow.park')} value={now.park_seconds} change={(n) => put({ park_seconds: n })} most={month} disabled={fixed} />
          <Seconds text={t('flow.resolve')} value={now.resolve_seconds} change={(n) => put({ resolve_seconds: n })} most={month} disabled={fixed} />
          <Seconds text={t('flow.reopen')} value={now.reopen_seconds} change={(n) => put({ reopen_seconds: n })} most={month} disabled={fixed} />
        </>
      )}
    </Saved>
  )
}

/** Watch is what holds for whoever monitors, whispers or barges. */
export function Watch({ settings: s, again }: Props) {
  const t = useText()
  const { now, put, undo, sent, changed } = useChange({ supervision_reason: s.supervision_reason, monitors_shown: s.monitors_shown })
  return (
    <Saved title={t('watch.heading')} changed={changed} undo={undo} send={() => changeDesk(s, sent)} again={again}>
      {(fixed) => (
        <>
          <Yes text={t('watch.reason')} value={now.supervision_reason} change={(yes) => put({ supervision_reason: yes })} disabled={fixed} />
          <Yes text={t('watch.shown')} value={now.monitors_shown} change={(yes) => put({ monitors_shown: yes })} disabled={fixed} />
        </>
      )}
    </Saved>
  )
}
