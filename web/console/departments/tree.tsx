import { useState } from 'react'
import { client } from '../app.ts'
import { Open, Opener } from '../listing/listing.tsx'
import { More } from '../listing/more.tsx'
import { usePages } from '../listing/pages.ts'
import { Refused } from '../shell/refused.tsx'
import type { Department } from './name.tsx'
import { useText } from './text.ts'

type Props = { open: (id: string) => void; openId: string | undefined }

/** Tree shows departments below one another. What is below one is asked for when it is unfolded, as there may be thousands. */
export function Tree(props: Props) {
  const t = useText()
  return (
    <nav className="listing tree" aria-label={t('departments.tree')}>
      <Branch {...props} parent="none" none={t('departments.none')} />
    </nav>
  )
}

/** Branch are the departments directly below one, page by page. */
function Branch({ parent, none, ...props }: Props & { parent: string; none: string }) {
  const found = usePages<Department>(['departments', 'below', parent], (cursor) => client.get('/v1/departments', { query: { parent, limit: 50, cursor } }))
  return (
    <>
      <Refused error={found.error} again={() => void found.refetch()} />
      {found.isPending && <div className="ghost-box" aria-busy="true" />}
      {found.data && found.items.length === 0 && <p className="quiet twig">{none}</p>}
      <ul>
        {found.items.map((d) => (
          <Twig key={d.id} department={d} {...props} />
        ))}
      </ul>
      <More of={found} />
    </>
  )
}

function Twig({ department: d, ...props }: Props & { department: Department }) {
  const t = useText()
  const [unfolded, setUnfolded] = useState(false)
  return (
    <li>
      <div className={d.id === props.openId ? 'twig on' : 'twig'}>
        <button
          type="button"
          className="fold"
          aria-expanded={unfolded}
          aria-label={t('departments.below', { name: d.name })}
          onClick={() => setUnfolded(!unfolded)}
        >
          <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
            <path d="M4 2l4 4-4 4" fill="none" stroke="currentColor" strokeWidth="1.6" />
          </svg>
        </button>
        <Open value={d.id === props.openId}>
          <Opener text={d.name} open={() => props.open(d.id)} />
        </Open>
      </div>
      {unfolded && <Branch {...props} parent={d.id} none={t('departments.noneBelow')} />}
    </li>
  )
}
