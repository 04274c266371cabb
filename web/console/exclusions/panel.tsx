import { useQuery } from '@tanstack/react-query'
import { client } from '../app.ts'
import { Panel } from '../listing/panel.tsx'
import { Refused } from '../shell/refused.tsx'
import { Editor } from './editor.tsx'
import { useText } from './text.ts'

type Props = { name: string | undefined; close: () => void; done: (name: string | undefined) => void }

/** ExclusionPanel shows one exclusion, or makes one: undefined. */
export function ExclusionPanel({ name, close, done }: Props) {
  const t = useText()
  const one = useQuery({
    queryKey: ['exclusion', name],
    queryFn: () => client.get('/v1/exclusions/{name}', { path: { name: name! } }),
    enabled: name !== undefined,
    refetchOnWindowFocus: false,
  })
  return (
    <Panel label={name ?? t('exclusions.new')} title={name ? <code>{name}</code> : t('exclusions.new')} close={close}>
      {name && one.isPending && <div className="ghost-box" />}
      {one.error && <p className="quiet">{t('exclusions.gone')}</p>}
      <Refused error={one.error} again={() => void one.refetch()} />
      {(!name || one.data) && (
        <Editor
          key={name}
          exclusion={one.data}
          again={() => one.refetch()}
          done={(to) => {
            if (name && to) void one.refetch()
            done(to)
          }}
        />
      )}
    </Panel>
  )
}
