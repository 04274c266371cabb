import { useNavigate, useSearch } from '@tanstack/react-router'
import { Segmented } from 'antd'
import { useCatalogue } from '../catalogue/catalogue.ts'
import { Refused } from '../shell/refused.tsx'
import { useText } from './text.ts'
import './access.css'
import { Form } from './form.tsx'
import { May } from './may.tsx'
import { type Ask, type Asked, asks, type Question, toAddress, toQuestion } from './question.ts'
import { Reach } from './reach.tsx'
import { What } from './what.tsx'
import { Who } from './who.tsx'

/** Access answers questions about access. The question stands in the address, so that it can be sent to somebody and asked again. */
export function Access() {
  const t = useText()
  const navigate = useNavigate()
  const catalogue = useCatalogue()
  const said = useSearch({ strict: false }) as Asked
  const question = toQuestion(said)
  const ask = (q: Question) => void navigate({ to: '/access', search: toAddress(q) })
  const address = JSON.stringify(said)
  return (
    <div className="page">
      <section className="page-main">
        <div className="page-head">
          <h1>{t('menu.access')}</h1>
          <Segmented<Ask>
            aria-label={t('access.questions')}
            value={question.ask}
            options={asks.map((a) => ({ value: a, label: t(`access.${a}`) }))}
            onChange={(a) => void navigate({ to: '/access', search: { ask: a, ...(question.subject ? { subject: question.subject } : {}) } })}
          />
        </div>
        <p className="quiet">{t(`access.${question.ask}Help`)}</p>
        <Refused error={catalogue.error} again={() => void catalogue.refetch()} />
        <Form key={'form ' + address} first={question} ask={ask} />
        {isAsked(said) ? <Answer key={address} question={question} /> : <p className="empty quiet">{t('access.waiting')}</p>}
      </section>
    </div>
  )
}

/** isAsked tells whether an address holds a whole question, and not only which kind. */
function isAsked(said: Asked): boolean {
  return said.ask === 'what' || said.resource !== undefined
}

function Answer({ question: q }: { question: Question }) {
  if (q.ask === 'may') return <May question={q} />
  if (q.ask === 'who') return <Who question={q} />
  if (q.ask === 'what') return <What subject={q.subject} />
  return <Reach question={q} />
}
