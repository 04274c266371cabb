import { useQuery } from '@tanstack/react-query'
import { client } from '../app.ts'
import type { Resource } from './grants.ts'
import { type Text, useLanguage, useText } from './text.ts'
import { zh } from './text/zh-CN.ts'

/** Words say a permission to people. status is that of the resource; undefined for all of them at once. */
export type Words = { resource: string; action: string; scope: string; status: Resource['status'] | undefined }

/** useCatalogue is what can be granted in the tenant. */
export function useCatalogue() {
  return useQuery({ queryKey: ['catalogue'], queryFn: () => client.get('/v1/catalogue'), staleTime: 300_000 })
}

/** useWords says a permission part by part. What nobody has words for is said as it is written. */
export function useWords(): (permission: string) => Words {
  const t = useText()
  const language = useLanguage()
  const { data } = useCatalogue()
  return (permission) => {
    const [resource = '', action = '', scope = ''] = permission.split(':')
    const known = data?.items.find((r) => r.name === resource)
    return {
      resource: resource === '*' ? t('words.everything') : known ? (language === 'en' ? known.label_en : known.label_zh) : resource,
      action: action === '*' ? t('words.anything') : `action.${action}` in zh ? t(`action.${action}` as Text) : action,
      scope: t(`scope.${scope}` as Text),
      status: known?.status,
    }
  }
}
