const wider: Record<string, string[]> = { own: ['own', 'department', 'all'], unassigned: ['unassigned', 'all'], department: ['department', 'all'], all: ['all'] }

/**
 * holds tells whether any of the permissions covers resource:action, at a scope or at any. Menus and buttons ask it; the
 * server decides all the same.
 */
export function holds(permissions: readonly string[], needed: string): boolean {
  const [resource, action, scope] = needed.split(':')
  return permissions.some((p) => {
    const [r, a, s] = p.split(':')
    return (r === '*' || r === resource) && (a === '*' || a === action) && (!scope || wider[scope]!.includes(s!))
  })
}
