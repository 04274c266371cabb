import type { components } from '../../shared/api/schema.d.ts'

export type Exclusion = components['schemas']['ExclusionJSON']

/** Draft is an exclusion as it is written on the page. */
export type Draft = { name: string; roles: string[]; at_most: number; description_zh: string; description_en: string }

/** draftOf is what there is to begin with: an exclusion that is edited, or nothing. */
export function draftOf(e: Exclusion | undefined): Draft {
  if (!e) return { name: '', roles: [], at_most: 1, description_zh: '', description_en: '' }
  return { name: e.name, roles: e.roles, at_most: e.at_most, description_zh: e.description_zh, description_en: e.description_en }
}
