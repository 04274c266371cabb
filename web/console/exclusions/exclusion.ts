import type { components } from '../../shared/api/schema.d.ts'

export type Exclusion = components['schemas']['ExclusionJSON']

/** Draft is an exclusion as it is written on the page. */
export type Draft = { name: string; roles: string[]; at_most: number; description_zh: string; description_en: string }

/** draftOf is what there is to begin with: an exclusion that is edited, or nothing. */
export function draftOf(e: Exclusion | undefined): Draft {
  if (!e) return { name: '', roles: [], at_most: 1, description_zh: '', description_en: '' }
  return { name: e.name, roles: e.roles, at_most: e.at_most, description_zh: e.description_zh, description_en: e.description_en }
}

/** Edit is what is sent of a change. */
export type Edit = Partial<Omit<Draft, 'name'>>

/** editOf is what differs from an exclusion. */
export function editOf(e: Exclusion, draft: Draft): Edit {
  return {
    ...(e.roles.join() === draft.roles.join() ? {} : { roles: draft.roles }),
    ...(e.at_most === draft.at_most ? {} : { at_most: draft.at_most }),
    ...(e.description_zh === draft.description_zh ? {} : { description_zh: draft.description_zh }),
    ...(e.description_en === draft.description_en ? {} : { description_en: draft.description_en }),
  }
}
