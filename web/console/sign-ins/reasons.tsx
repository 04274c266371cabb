import type { Report } from './read.ts'
import { type Text, useText } from './text.ts'

/** The reasons that have a name here; one that is new at the server is shown as it calls it. */
const known = [
  'unknown_tenant', 'unknown_user', 'wrong_password', 'no_password', 'password_disabled', 'password_changed', 'slow_down',
  'wrong_code', 'challenge_over', 'no_second_factor', 'user_disabled', 'tenant_suspended', 'reuse',
] as const

/** Reasons are why attempts failed, the most frequent first. */
export function Reasons({ of }: { of: Report['sums'] }) {
  const t = useText()
  const named = (reason: string) => (known.some((k) => k === reason) ? t(`why.${reason}` as Text) : reason)
  return (
    <section className="picture reasons" aria-label={t('signIns.why')}>
      <header>
        <h2>{t('signIns.why')}</h2>
        <p className="quiet">{t('signIns.whyHelp')}</p>
      </header>
      {of.reasons.length === 0 && <p className="empty quiet">{t('signIns.noFailure')}</p>}
      {of.reasons.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">{t('signIns.reason')}</th>
              <th scope="col">{t('signIn.failed')}</th>
              <th scope="col">{t('signIns.share')}</th>
            </tr>
          </thead>
          <tbody>
            {of.reasons.map(({ reason, failed }) => (
              <tr key={reason}>
                <th scope="row" title={reason}>
                  {named(reason)}
                </th>
                <td>{failed}</td>
                <td>
                  <Share of={failed / of.failed} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

function Share({ of }: { of: number }) {
  return (
    <span className="share">
      <i aria-hidden="true">
        <i style={{ width: `${of * 100}%` }} />
      </i>
      {of < 0.005 ? '<1' : Math.round(of * 100)}%
    </span>
  )
}
