import { Button } from 'antd'
import { useState } from 'react'
import { exact } from '../../shared/text/time.ts'
import { useLanguage, useText } from './text.ts'

export type FirstLink = { link: string; expires_at: string }

/** LinkOnce shows a link that nobody is shown again. */
export function LinkOnce({ of }: { of: FirstLink }) {
  const t = useText()
  const language = useLanguage()
  const [copied, setCopied] = useState(false)
  return (
    <section className="link-once" aria-label={t('link.title')}>
      <strong>{t('link.title')}</strong>
      <p className="quiet">{t('link.help', { until: exact(of.expires_at, language) })}</p>
      <code>{of.link}</code>
      <Button onClick={() => void navigator.clipboard.writeText(of.link).then(() => setCopied(true))}>{t(copied ? 'link.copied' : 'link.copy')}</Button>
    </section>
  )
}
