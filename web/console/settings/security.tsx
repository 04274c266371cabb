import { Link } from '@tanstack/react-router'
import '../listing/listing.css'
import { RoleName } from '../names/roles.tsx'
import { useRoles } from '../roles/names.ts'
import { Card } from '../shell/card.tsx'
import { useChange } from '../shell/change.ts'
import { useMay } from '../shell/may.ts'
import { Refused } from '../shell/refused.tsx'
import { Yes } from './fields.tsx'
import { Idle } from './idle.tsx'
import { Notices } from './notices.tsx'
import { Saved } from './save.tsx'
import './settings.css'
import { changeTenant, type TenantSettings, useTenantSettings } from './tenant.ts'
import { useText } from './text.ts'
import { Visits } from './visits.tsx'

/** Security is how people sign in: what the tenant demands, what holds always, and where one sees who tried. */
export function Security() {
  const t = useText()
  const may = useMay()
  const tenant = useTenantSettings()
  const again = () => tenant.refetch()
  return (
    <div className="page">
      <section className="page-main">
        <div className="page-head">
          <h1>{t('menu.security')}</h1>
        </div>
        {!may('system_config:update') && <p className="hint">{t('settings.readOnly')}</p>}
        <Refused error={tenant.error} again={() => void again()} />
        <div className="cards">
          {tenant.isPending && <div className="ghost-box card" />}
          {tenant.data && (
            <>
              <SecondFactor settings={tenant.data} again={again} />
              <Card title={t('password.heading')}>
                <p>{t(`password.${tenant.data.local_password}`)}</p>
              </Card>
              <Card title={t('always.heading')}>
                <ul className="points">
                  <li>{t('always.password')}</li>
                  <li>{t('always.slow')}</li>
                  <li>{t('always.stepUp')}</li>
                  <li>{t('always.ends')}</li>
                </ul>
              </Card>
              <Idle settings={tenant.data} again={again} />
              {may('audit_log:read:all') && <Trail />}
              {may('audit_log:read') && <Visits />}
              <Notices />
            </>
          )}
        </div>
      </section>
    </div>
  )
}

function SecondFactor({ settings: s, again }: { settings: TenantSettings; again: () => Promise<unknown> }) {
  const t = useText()
  const form = useChange({ require_second_factor: s.require_second_factor })
  const demanding = useRoles().data?.items.filter((r) => r.requires_mfa)
  return (
    <Saved title={t('factor.heading')} form={form} save={(sent) => changeTenant(s, sent)} again={again}>
      {(fixed) => (
        <>
          <Yes
            text={t('factor.all')}
            help={t('factor.allHelp')}
            value={form.now.require_second_factor}
            change={(yes) => form.put({ require_second_factor: yes })}
            disabled={fixed}
          />
          {demanding && (
            <>
              <p className="quiet">{t(demanding.length > 0 ? 'factor.roles' : 'factor.noRoles')}</p>
              <p className="row-start">
                {demanding.map((r) => (
                  <i key={r.name} className="chip plain">
                    <RoleName name={r.name} />
                  </i>
                ))}
              </p>
            </>
          )}
        </>
      )}
    </Saved>
  )
}

/** Trail leads to the records of who signed in, who could not, and who changed the policy. */
function Trail() {
  const t = useText()
  return (
    <Card title={t('trail.heading')}>
      <p className="quiet">{t('trail.help')}</p>
      <ul className="points">
        <li>
          <Link to="/audit" search={{ event: 'auth.login,auth.login_otp', outcome: 'failure' }}>
            {t('trail.failures')}
          </Link>
        </li>
        <li>
          <Link to="/audit" search={{ event: 'auth.login,auth.login_otp', outcome: 'success' }}>
            {t('trail.successes')}
          </Link>
        </li>
        <li>
          <Link to="/audit" search={{ event: 'settings.update' }}>
            {t('trail.policy')}
          </Link>
        </li>
      </ul>
    </Card>
  )
}
