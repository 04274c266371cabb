import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { components } from '../../shared/api/schema.d.ts'
import { client } from '../app.ts'
import type { Days } from '../reports/period.tsx'

/** Grouping is what is counted together: a day, or an hour of all days. */
export const groupings = ['day', 'hour'] as const
export type Grouping = (typeof groupings)[number]

/** Question is about which days, and what is counted together. */
export type Question = Days & { by: Grouping }

/** Report is what the log of sign-ins adds up to, as docs/security/sign-in.md says what it means. */
export type Report = components['schemas']['SignInReportJSON']

/** useSignIns reads the report once: each reading leaves a record. What was there stays until the next is. */
export function useSignIns(question: Question) {
  return useQuery({
    queryKey: ['sign-in-report', question],
    queryFn: () => client.get('/v1/reports/sign-ins', { query: question }),
    staleTime: 60_000,
    refetchOnWindowFocus: false,
    placeholderData: keepPreviousData,
  })
}
