import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { ask, type Question, type Report } from './figures.ts'

/** useReport reads a report once: each reading leaves a record. What was there stays until the next is. */
export function useReport(report: Report | 'load', question: Question) {
  return useQuery({
    queryKey: ['report', report, question],
    queryFn: () => ask(report, question),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
    placeholderData: keepPreviousData,
  })
}
