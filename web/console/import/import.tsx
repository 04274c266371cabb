import '../listing/listing.css'
import { useMay } from '../shell/may.ts'
import { Bring } from './bring.tsx'
import { Exports } from './exports.tsx'
import { tables } from './tables.ts'
import { useText } from './text.ts'
import './import.css'

/** Import brings tables of a tenant in from files, and takes them out. */
export function Import() {
  const t = useText()
  const may = useMay()
  const brought = tables.filter((table) => may(table.brings))
  const taken = tables.filter((table) => may(table.takes))
  return (
    <div className="page">
      <section className="page-main exchange">
        <h1>{t('menu.import')}</h1>
        {brought.length > 0 && <Bring tables={brought} />}
        {brought.length + taken.length === 0 && <p className="hint">{t('import.mayNot')}</p>}
        {taken.length > 0 && <Exports tables={taken} />}
      </section>
    </div>
  )
}
