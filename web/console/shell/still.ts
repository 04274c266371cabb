import { useRouter, useRouterState } from '@tanstack/react-router'

/** useStill tells whether one is where something began: who went elsewhere before it was done is not taken back. */
export function useStill(): () => boolean {
  const router = useRouter()
  const here = useRouterState({ select: (s) => s.location.pathname })
  return () => router.state.location.pathname === here
}
