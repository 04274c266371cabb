import { t } from '../text.ts'

/** Clip chooses files; on a phone, also from the camera. */
export function Clip({ choose }: { choose: (files: File[]) => void }) {
  return (
    <label class="icon clip">
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4L14.5 7" />
      </svg>
      <input
        type="file"
        multiple
        aria-label={t('message.attach')}
        onChange={(e) => {
          choose([...(e.currentTarget.files ?? [])])
          e.currentTarget.value = ''
        }}
      />
    </label>
  )
}
