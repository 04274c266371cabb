import { useQuery } from '@tanstack/react-query'
import { client } from '../app.ts'
import { useMay } from '../shell/may.ts'

// What fields offer to choose from. Whoever may not read it is offered nothing, and is not told so each time.
const rarely = { staleTime: 60_000, refetchOnWindowFocus: false } as const

/** useSkills are the skills of the tenant in their order. */
export function useSkills() {
  const may = useMay()('system_config:read', 'conversation:create')
  const { data } = useQuery({ queryKey: ['skills', 'all'], queryFn: () => client.get('/v1/skills', { query: { limit: 200 } }), enabled: may, ...rarely })
  return data?.items ?? []
}
