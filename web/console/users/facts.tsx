import type { ReactNode } from 'react'
import { exact } from '../../shared/text/time.ts'
import { Departments, State } from './columns.tsx'
import { Deeds } from './deeds.tsx'
import type { Card, User } from './person.ts'
import { useLanguage, useText } from './text.ts'

/** CardFacts is what everybody who may look somebody up sees of them. */
export function CardFacts({ card }: { card: Card }) {
  const t = useText()
  return (
    <>
      <p className="hint">{t('users.cardHelp')}</p>
      <dl>
        <Fact name={t('users.departments')}>{card.departments.length > 0 && <Departments ids={card.departments} />}</Fact>
      </dl>
    </>
  )
}

/** Facts is who somebody is, and how they sign in. */
export function Facts({ user: u, gone }: { user: User; gone: () => void }) {
  const t = useText()
  const language = useLanguage()
  return (
    <>
      <Deeds user={u} gone={gone} />
      <dl>
        <Fact name={t('users.state')}>
          <State user={u} />
        </Fact>
        <Fact name={t('users.username')}>
          <code>{u.username}</code>
        </Fact>
        <Fact name={t('users.email')}>{u.email}</Fact>
        <Fact name={t('users.phone')}>{u.phone}</Fact>
        <Fact name={t('users.departments')}>{u.departments.length > 0 && <Departments ids={u.departments} />}</Fact>
        <Fact name={t('users.locale')}>{u.locale === 'en' ? 'English' : '简体中文'}</Fact>
        <Fact name={t('users.password')}>
          {t(u.must_change_password ? 'users.passwordImported' : u.has_password ? 'users.passwordSet' : 'users.noPassword')}
        </Fact>
        <Fact name={t('users.factor')}>
          {t(u.second_factor ? 'users.factorSet' : 'users.factorNone')}
          {u.requires_mfa && !u.second_factor && t('users.factorDemanded')}
        </Fact>
        <Fact name={t('users.wecom')}>{u.wecom_user_id && <code>{u.wecom_user_id}</code>}</Fact>
        <Fact name={t('users.created')}>{exact(u.created_at, language)}</Fact>
        <Fact name={t('users.updated')}>{exact(u.updated_at, language)}</Fact>
        <Fact name={t('users.id')}>
          <code>{u.id}</code>
        </Fact>
      </dl>
    </>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="pair">
      <dt>{name}</dt>
      <dd>{children || '–'}</dd>
    </div>
  )
}
