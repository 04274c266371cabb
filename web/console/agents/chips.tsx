/** Chips are the names of some things, a chip each. */
export function Chips({ of }: { of: { id: string; name: string }[] }) {
  if (of.length === 0) return <>–</>
  return (
    <span className="chips">
      {of.map((one) => (
        <i key={one.id} className="chip plain">
          {one.name}
        </i>
      ))}
    </span>
  )
}
