import { useInfiniteQuery } from '@tanstack/react-query'

/** Page is a part of a list, as every list of the server answers: next leads on. */
export type Page<R> = { items: R[] | null; next?: string | null }

/** Found is a list that is read page by page, searched and sorted by the server. */
export type Found<R> = ReturnType<typeof usePages<R>>

/** When says whether a list is read already, and how long what was read is good for in milliseconds. */
type When = { enabled?: boolean; staleTime?: number; gcTime?: number }

/** anew is for what must be as it is at this moment, such as a preview. */
export const anew: When = { staleTime: 0, gcTime: 0 }

/** usePages reads a list. read asks for the page at a cursor, '' for the first; a page may hold more than its items. */
export function usePages<R, P extends Page<R> = Page<R>>(key: readonly unknown[], read: (cursor: string) => Promise<P>, when: When = {}) {
  const query = useInfiniteQuery({
    ...when,
    queryKey: key,
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: '',
    getNextPageParam: (page) => page.next || undefined,
    refetchOnWindowFocus: false, // reading may leave a record, and a list must not jump while somebody reads it
  })
  return { ...query, items: query.data?.pages.flatMap((p) => p.items ?? []) ?? [] }
}
