import { Button } from 'antd'
import { useState } from 'react'
import { client } from '../app.ts'
import { useDeed } from '../shell/deed.ts'
import { useMay } from '../shell/may.ts'
import { Refused } from '../shell/refused.tsx'
import { useText } from './text.ts'

type Ending = 'success' | 'failure' | 'unknown'

/** LostNotice says what is known of an import whose end was not heard: nothing, until the trail was asked. */
export function LostNotice({ record, event }: { record: string; event: string }) {
  const t = useText()
  const may = useMay()('audit_log:read')
  const [ending, setEnding] = useState<Ending>()
  const { busy, error, act } = useDeed()
  const look = () => void act(async () => setEnding(await endingOf(record, event)))
  return (
    <div className="refused lost" role="alert">
      <strong>{t('import.lost')}</strong>
      <span>{t('import.lostHelp')}</span>
      {ending && <span role="status">{t(`import.ending.${ending}`)}</span>}
      {may && record && (
        <Button size="small" loading={busy} onClick={look}>
          {t('import.look')}
        </Button>
      )}
      <Refused error={error} />
    </div>
  )
}

/** endingOf asks the trail how it ended; unknown as long as there is no record of it. */
async function endingOf(id: string, event: string): Promise<Ending> {
  const { items } = await client.get('/v1/audit/records', { query: { event: [event], limit: 200 } })
  const found = items.find((i) => i.id === id)?.record as { outcome: { result: Ending } } | undefined
  return found?.outcome.result ?? 'unknown'
}
