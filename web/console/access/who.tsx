import { client } from '../app.ts'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { type Column, Listing } from '../listing/listing.tsx'
import { anew, usePages } from '../listing/pages.ts'
import { keep } from '../names/source.ts'
import { UserName, users } from '../names/users.tsx'
import type { components } from '../../shared/api/schema.d.ts'
import { By } from './by.tsx'
import { objectOf, type Question } from './question.ts'
import { useText } from './text.ts'

type Holders = components['schemas']['WhoCanOutputBody']
type Holder = Holders['items'][number]

/** Who lists everybody who may do something to an object, and through what. */
export function Who({ question: q }: { question: Question }) {
  const t = useText()
  const catalogue = useCatalogue()
  const resource = catalogue.data?.items.find((r) => r.name === q.resource)
  const found = usePages<Holder, Holders>(
    ['who-can', q],
    async (cursor) => {
      const page = await client.post('/v1/access/who-can', { body: { action: q.action, object: objectOf(q, resource) }, query: { limit: 50, cursor } })
      keep(users, page.items.map((h) => h.user))
      return page
    },
    { enabled: catalogue.data !== undefined, ...anew },
  )
  const others = found.data?.pages.some((p) => p.others)
  const columns: Column<Holder>[] = [
    { text: t('who.person'), of: (h) => <UserName id={h.user.id} /> },
    { text: t('access.by'), of: (h) => <By of={h.by} /> },
  ]
  return (
    <>
      {others && <p className="hint">{t('who.others')}</p>}
      <Listing label={t('access.who')} columns={columns} found={found} keyOf={(h) => h.user.id} none={t('who.none')} />
    </>
  )
}
