import { client } from '../app.ts'
import { Picker } from '../listing/picker.tsx'
import { useRoleLabel } from './names.ts'

type Props = { label: string; chosen: string[]; change: (names: string[]) => void; many?: boolean; none?: string }

/** RolePicker chooses roles by their names. */
export function RolePicker(props: Props) {
  const labelOf = useRoleLabel()
  const find = async (q: string) => (await client.get('/v1/roles', { query: { q, limit: 20 } })).items.map((r) => r.name)
  return <Picker {...props} among="roles" find={find} show={(name) => labelOf(name)} />
}
