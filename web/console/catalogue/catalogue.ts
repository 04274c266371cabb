import { useQuery } from '@tanstack/react-query'
import type { components } from '../../shared/api/schema.d.ts'
import { client } from '../app.ts'
import { useLanguage, type Text as Common } from '../text.ts'
import { useText } from './text.ts'
import { zh } from './text/zh-CN.ts'

export type Resource = components['schemas']['ResourceJSON']

/** useCatalogue is what can be granted and asked. It is the same for everybody, and changes with the program. */
export function useCatalogue() {
  return useQuery({ queryKey: ['catalogue'], queryFn: () => client.get('/v1/catalogue'), staleTime: 300_000 })
}

/** Words say what permissions are about. What the catalogue does not know keeps its name. */
export type Words = Record<'resource' | 'action' | 'scope' | 'permission', (name: string) => string>

/** useWords are the words of the page's language. */
export function useWords(): Words {
  const t = useText()
  const language = useLanguage()
  const catalogue = useCatalogue()
  const resource = (name: string) => {
    if (name === '*') return t('resource.any')
    const known = catalogue.data?.items.find((r) => r.name === name)
    return (language === 'en' ? known?.label_en : known?.label_zh) ?? name
  }
  const action = (name: string) => (name === '*' ? t('action.any') : isAction(name) ? t(`action.${name}`) : name)
  const scope = (name: string) => t(`scope.${name}` as Common)
  return {
    resource,
    action,
    scope,
    permission: (text) => {
      const [r = '', a = '', s = ''] = text.split(':')
      return t('permission.words', { resource: resource(r), action: action(a), scope: scope(s) })
    },
  }
}

type Action = keyof typeof zh extends infer K ? (K extends `action.${infer A}` ? A : never) : never

function isAction(name: string): name is Action {
  return `action.${name}` in zh
}
