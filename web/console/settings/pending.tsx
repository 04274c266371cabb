import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { client } from '../app.ts'
import { useText } from './text.ts'

/** Pending reminds administrators of notices that nobody has read. It asks once: reading them leaves a record. */
export function Pending() {
  const t = useText()
  const { data } = useQuery({
    queryKey: ['notices', 'pending'],
    queryFn: () => client.get('/v1/notices', { query: { acknowledged: 'false', limit: 20 } }),
    staleTime: Infinity,
    retry: false,
  })
  if (!data?.items.length) return null
  return (
    <Link to="/security" className="pending">
      {t('notices.pending', { count: data.items.length })}
    </Link>
  )
}
