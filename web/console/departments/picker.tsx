import { client } from '../app.ts'
import { Picker } from '../listing/picker.tsx'
import { DepartmentName, useDepartment } from './name.tsx'

type Props = { label: string; chosen: string[]; change: (ids: string[]) => void; many?: boolean; none?: string }

/** DepartmentPicker chooses departments, each with the one above it, as names may stand more than once. */
export function DepartmentPicker(props: Props) {
  const find = async (q: string) => (await client.get('/v1/departments', { query: { q, limit: 20 } })).items.map((d) => d.id)
  return <Picker {...props} among="departments" find={find} show={(id) => <Placed id={id} />} />
}

function Placed({ id }: { id: string }) {
  const { department } = useDepartment(id)
  return (
    <>
      <DepartmentName id={id} />
      {department?.parent && (
        <small className="above">
          {' '}
          ‹ <DepartmentName id={department.parent} />
        </small>
      )}
    </>
  )
}
