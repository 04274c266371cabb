import { Button } from 'antd'
import { useState } from 'react'
import { signOut } from '../../shared/desk/sign-out.ts'
import { client, session } from '../app.ts'
import { useText } from '../text.ts'
import { leave } from './draft.ts'
import { Refused } from './refused.tsx'

/** SignOut is the way out. Who could not be signed out is told, and still signed in. */
export function SignOut() {
  const t = useText()
  const [error, setError] = useState<unknown>()
  const out = () => leave(() => void signOut(client, session).catch(setError))
  return (
    <>
      <Button block onClick={out}>
        {t('sign-out')}
      </Button>
      <Refused error={error} again={out} />
    </>
  )
}
