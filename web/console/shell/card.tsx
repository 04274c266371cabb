import { type ReactNode, useId } from 'react'
import './card.css'

/** Card is a part of a page that has a heading of its own, and beside it what can be done with all of it. */
export function Card({ title, more, wide = false, children }: { title: string; more?: ReactNode; wide?: boolean; children: ReactNode }) {
  const id = useId()
  return (
    <section className={wide ? 'card wide' : 'card'} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {more}
      </header>
      {children}
    </section>
  )
}
