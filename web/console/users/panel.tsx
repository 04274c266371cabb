import { useQuery } from '@tanstack/react-query'
import { Segmented } from 'antd'
import { useState } from 'react'
import { client } from '../app.ts'
import { History } from '../audit/history.tsx'
import { Panel } from '../listing/panel.tsx'
import { leave } from '../shell/draft.ts'
import { useMay } from '../shell/may.ts'
import { Refused } from '../shell/refused.tsx'
import { Access } from './access.tsx'
import { CardFacts, Facts } from './facts.tsx'
import { isUser, type Person } from './person.ts'
import { Roles } from './roles.tsx'
import { Sessions } from './sessions.tsx'
import { SignIns } from './sign-ins.tsx'
import { useText } from './text.ts'

type Part = 'facts' | 'roles' | 'access' | 'sessions'

/** UserPanel is all of one user that one may see, part by part. */
export function UserPanel({ id, known, close }: { id: string; known: Person | undefined; close: () => void }) {
  const t = useText()
  const may = useMay()
  const [part, setPart] = useState<Part>('facts')
  const read = (): Promise<Person> => client.get('/v1/users/{id}', { path: { id } })
  const person = useQuery({ queryKey: ['person', id], queryFn: read, refetchOnWindowFocus: false })
  const user = person.data ?? known
  const parts: Part[] = ['facts', 'roles', 'access', ...(may('session:read', 'audit_log:read') ? (['sessions'] as const) : [])]
  return (
    <Panel label={t('users.panel')} title={user?.name ?? '…'} close={close}>
      <Refused error={person.error} again={() => void person.refetch()} />
      {!user && person.isPending && <div className="ghost-box" aria-busy="true" />}
      {user && !isUser(user) && <CardFacts card={user} />}
      {isUser(user) && (
        <>
          <Segmented<Part>
            block
            name="part"
            aria-label={t('users.parts')}
            value={part}
            options={parts.map((value) => ({ value, label: t(`users.part.${value}`) }))}
            onChange={(to) => leave(() => setPart(to))}
          />
          {part === 'facts' && <Facts user={user} gone={close} />}
          {part === 'roles' && (
            <>
              <Roles user={user} />
              <History of="user" id={user.id} />
            </>
          )}
          {part === 'access' && <Access user={user} />}
          {part === 'sessions' && (
            <>
              {may('session:read') && <Sessions user={user} />}
              {may('audit_log:read') && <SignIns user={user} />}
            </>
          )}
        </>
      )}
    </Panel>
  )
}
