import type { Skill } from '../../shared/desk/desk.ts'

/** Ages are after how many seconds of waiting others may be given it, in the order in which that happens. */
export type Ages = { relax: number; overflow: number; open: number }

/** Draft is a skill as it is being written. ages undefined: as the desk's settings say. */
export type Draft = { name: string; department: string; fallback: string; ages: Ages | undefined; place: number; active: boolean }

/** usual is what a desk begins with. */
export const usual: Ages = { relax: 120, overflow: 300, open: 900 }

export function draftOf(s: Skill | undefined): Draft {
  if (!s) return { name: '', department: '', fallback: '', ages: undefined, place: 100, active: true }
  const own = s.relax_seconds !== null && s.overflow_seconds !== null && s.open_seconds !== null
  return {
    name: s.name,
    department: s.department?.id ?? '',
    fallback: s.fallback_department?.id ?? '',
    ages: own ? { relax: s.relax_seconds!, overflow: s.overflow_seconds!, open: s.open_seconds! } : undefined,
    place: s.place,
    active: s.active,
  }
}

/** bodyOf is a skill to be made. */
export function bodyOf(d: Draft) {
  return { ...changeOf(d), name: d.name.trim() }
}

/** changeOf is what of a skill is changed. The ages stand and fall together. */
export function changeOf({ name, department, fallback, place, active, ...rest }: Partial<Draft>) {
  const { relax = null, overflow = null, open = null } = rest.ages ?? {}
  return {
    ...(name === undefined ? {} : { name: name.trim() }),
    ...(department === undefined ? {} : { department: department || null }),
    ...(fallback === undefined ? {} : { fallback_department: fallback || null }),
    ...('ages' in rest ? { relax_seconds: relax, overflow_seconds: overflow, open_seconds: open } : {}),
    ...(place === undefined ? {} : { place }),
    ...(active === undefined ? {} : { active }),
  }
}
