import { Button, Input, type InputRef } from 'antd'
import { useCallback, useEffect, useRef, useState } from 'react'
import { exact } from '../../shared/text/time.ts'
import { client } from '../app.ts'
import { useDeed } from '../shell/deed.ts'
import { Dialog } from '../shell/dialog.tsx'
import { Refused } from '../shell/refused.tsx'
import type { Person } from './person.ts'
import { useLanguage, useText } from './text.ts'

type Made = { link: string; expires_at: string }

/** Link makes the link by which somebody chooses a password, and shows it this once. For whom is fresh it is made at once. */
export function Link({ user, fresh, close }: { user: Person; fresh?: boolean; close: () => void }) {
  const t = useText()
  const [made, setMade] = useState<Made>()
  const { busy, error, act } = useDeed()
  const make = useCallback(() => void act(async () => setMade(await client.post('/v1/users/{id}/password-link', { path: { id: user.id } }))), [act, user.id])
  useEffect(() => {
    if (fresh) make()
  }, [fresh, make])
  return (
    <Dialog title={t('users.linkOf', { name: user.name })} once={made !== undefined} close={close}>
      <div className="stack">
        {fresh && !made && <p role="status">{t('users.isCreated')}</p>}
        {made ? <Shown made={made} /> : <p>{t('users.linkHelp')}</p>}
        <Refused error={error} />
        <div className="row-end">
          <Button type={made ? 'primary' : 'default'} onClick={close}>
            {t('close')}
          </Button>
          {!made && (
            <Button type="primary" loading={busy} onClick={make}>
              {t('users.makeLink')}
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  )
}

function Shown({ made }: { made: Made }) {
  const t = useText()
  const language = useLanguage()
  const field = useRef<InputRef>(null)
  const [copied, setCopied] = useState(false)
  // Without a secure connection a page may not write to the clipboard: then the link stands ready to be copied by hand.
  const copy = () => navigator.clipboard?.writeText(made.link).then(() => setCopied(true), () => field.current?.select()) ?? field.current?.select()
  return (
    <>
      <p className="hint">{t('users.linkOnce', { time: exact(made.expires_at, language) })}</p>
      <div className="one-line">
        <Input ref={field} value={made.link} readOnly aria-label={t('users.linkText')} onFocus={(e) => e.target.select()} autoFocus />
        <Button onClick={() => void copy()}>{t('users.copy')}</Button>
      </div>
      <p role="status" className="quiet">
        {copied && t('users.copied')}
      </p>
    </>
  )
}
