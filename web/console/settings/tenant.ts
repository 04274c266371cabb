import { useQuery } from '@tanstack/react-query'
import type { components } from '../../shared/api/schema.d.ts'
import { client, queries } from '../app.ts'

export type TenantSettings = components['schemas']['SettingsJSON']
export type DeskSettings = components['schemas']['DeskSettingsJSON']

const tenant = ['settings']
const desk = ['desk-settings']

export function useTenantSettings() {
  return useQuery({ queryKey: tenant, queryFn: () => client.get('/v1/settings'), refetchOnWindowFocus: false })
}

export function useDeskSettings(ready: boolean) {
  return useQuery({ queryKey: desk, queryFn: () => client.get('/v1/desk/settings'), enabled: ready, refetchOnWindowFocus: false })
}

/** changeTenant sends what differs, for the version that was shown, and keeps the answer. */
export async function changeTenant(before: TenantSettings, body: components['schemas']['SettingsChange']) {
  queries.setQueryData(tenant, await client.patch('/v1/settings', { version: before.version, body }))
}

/** changeDesk does the same for how the desk works. */
export async function changeDesk(before: DeskSettings, body: components['schemas']['DeskSettingsChange']) {
  queries.setQueryData(desk, await client.patch('/v1/desk/settings', { version: before.version, body }))
}
