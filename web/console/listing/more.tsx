import { Button } from 'antd'
import { useText } from '../text.ts'

type Reading = { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> }

/** More reads the next page of a list, where there is one. */
export function More({ of: found }: { of: Reading }) {
  const t = useText()
  if (!found.hasNextPage) return null
  return (
    <Button block type="text" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
      {t('more')}
    </Button>
  )
}
