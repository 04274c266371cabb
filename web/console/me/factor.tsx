import { useQuery } from '@tanstack/react-query'
import { App, Button, Modal } from 'antd'
import { useState } from 'react'
import { exact } from '../../shared/text/time.ts'
import { client, session } from '../app.ts'
import { Card } from '../shell/card.tsx'
import { useDeed } from '../shell/deed.ts'
import { Refused } from '../shell/refused.tsx'
import { Codes } from '../shell/sign-in.tsx'
import { useLanguage } from '../text.ts'
import { Enrol } from './enrol.tsx'
import { useText } from './text.ts'

const few = 3 // recovery codes, from which on one is told to make new ones

/** Factor is one's own second factor: set up, changed or removed, and its recovery codes. */
export function Factor() {
  const t = useText()
  const language = useLanguage()
  const { message } = App.useApp()
  const { busy, error, act } = useDeed()
  const [open, setOpen] = useState<'enrol' | 'remove'>()
  const [codes, setCodes] = useState<string[]>()
  const own = useQuery({ queryKey: ['own-factor'], queryFn: () => client.get('/v1/me/second-factor'), refetchOnWindowFocus: false })
  const f = own.data

  const makeCodes = () => act(async () => setCodes((await client.post('/v1/me/second-factor/recovery-codes')).recovery_codes)).then(() => own.refetch())
  async function remove() {
    if (!(await act(async () => session.take(await client.post('/v1/me/second-factor/remove'))))) return
    setOpen(undefined)
    message.success(t('factor.removed'))
    void own.refetch()
  }
  return (
    <Card title={t('factor.heading')} more={f && <i className={f.enrolled ? 'chip resolved' : 'chip plain'}>{t(f.enrolled ? 'factor.on' : 'factor.off')}</i>}>
      <Refused error={own.error} again={() => void own.refetch()} />
      {own.isPending && <div className="ghost-box" />}
      {f && (
        <>
          {f.required && <p className="quiet">{t('factor.required')}</p>}
          {!f.enrolled && <p className="quiet">{t('factor.offHelp')}</p>}
          {f.enrolled && (
            <p className="quiet">
              {f.enrolled_at && t('factor.since', { time: exact(f.enrolled_at, language) })} · {t('factor.left', { count: f.recovery_codes_left })}
            </p>
          )}
          {f.enrolled && f.recovery_codes_left <= few && <p className="hint">{t('factor.few')}</p>}
          <div className="row-start">
            <Button type={f.enrolled ? 'default' : 'primary'} onClick={() => setOpen('enrol')}>
              {t(f.enrolled ? 'factor.another' : 'factor.enrol')}
            </Button>
            {f.enrolled && (
              <Button loading={busy && !open} onClick={() => void makeCodes()}>
                {t('factor.codes')}
              </Button>
            )}
            {f.enrolled && !f.required && (
              <Button danger onClick={() => setOpen('remove')}>
                {t('factor.remove')}
              </Button>
            )}
          </div>
          {!open && <Refused error={error} />}
        </>
      )}
      {open === 'enrol' && (
        <Enrol
          close={() => setOpen(undefined)}
          done={(issued) => {
            setOpen(undefined)
            setCodes(issued)
            message.success(t('factor.enrolled'))
            void own.refetch()
          }}
        />
      )}
      <Modal open={open === 'remove'} title={t('factor.remove')} onCancel={() => setOpen(undefined)} footer={null} width={420}>
        <div className="stack">
          <p>{t('factor.removeHelp')}</p>
          <Refused error={error} />
          <div className="row-end">
            <Button onClick={() => setOpen(undefined)}>{t('cancel')}</Button>
            <Button danger type="primary" loading={busy} onClick={() => void remove()}>
              {t('factor.remove')}
            </Button>
          </div>
        </div>
      </Modal>
      <Modal open={codes !== undefined} footer={null} closable={false} width={420} title={null}>
        {codes && <Codes codes={codes} kept={() => setCodes(undefined)} />}
      </Modal>
    </Card>
  )
}
