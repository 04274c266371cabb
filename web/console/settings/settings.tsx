import '../listing/listing.css'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { useMay } from '../shell/may.ts'
import { Refused } from '../shell/refused.tsx'
import { Dispatch, Flow, Watch } from './desk.tsx'
import { People } from './people.tsx'
import { Profile } from './profile.tsx'
import './settings.css'
import { useDeskSettings, useTenantSettings } from './tenant.ts'
import { useText } from './text.ts'

/** Settings are the tenant's: what it is called, what new users get, how its desk works. */
export function Settings() {
  const t = useText()
  const may = useMay()('system_config:update')
  const catalogue = useCatalogue()
  const tenant = useTenantSettings()
  const desk = useDeskSettings(catalogue.data?.items.some((r) => r.name === 'conversation') ?? false) // the platform has no desk
  const again = () => tenant.refetch()
  const deskAgain = () => desk.refetch()
  return (
    <div className="page">
      <section className="page-main">
        <div className="page-head">
          <h1>{t('menu.settings')}</h1>
        </div>
        {!may && <p className="hint">{t('settings.readOnly')}</p>}
        <Refused error={catalogue.error} again={() => void catalogue.refetch()} />
        <Refused error={tenant.error} again={() => void again()} />
        <Refused error={desk.error} again={() => void deskAgain()} />
        <div className="cards">
          {tenant.isPending && <div className="ghost-box card" />}
          {tenant.data && (
            <>
              <Profile settings={tenant.data} again={again} />
              <People settings={tenant.data} again={again} />
            </>
          )}
          {desk.data && (
            <>
              <Dispatch settings={desk.data} again={deskAgain} />
              <Flow settings={desk.data} again={deskAgain} />
              <Watch settings={desk.data} again={deskAgain} />
            </>
          )}
        </div>
      </section>
    </div>
  )
}
