import { Button, Popconfirm } from 'antd'
import { useText } from '../text.ts'
import type { Deed } from '../shell/deed.ts'

type Props = { label: string; question: string; deed: Deed; remove: () => Promise<unknown>; done: () => void }

/** Removal deletes something once it was asked whether that is meant. */
export function Removal({ label, question, deed, remove, done }: Props) {
  const t = useText()
  return (
    <Popconfirm
      title={question}
      okText={label}
      cancelText={t('cancel')}
      okButtonProps={{ danger: true }}
      onConfirm={async () => {
        if (await deed.act(remove)) done()
      }}
    >
      <Button danger loading={deed.busy}>
        {label}
      </Button>
    </Popconfirm>
  )
}
