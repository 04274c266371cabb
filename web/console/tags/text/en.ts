import type { zh } from './zh-CN.ts'

/** The same in English. */
export const en: Record<keyof typeof zh, string> = {
  'tags.new': 'New tag',
  'tags.search': 'Search tags',
  'tags.none': 'There are no tags yet. Agents put them on conversations once there are.',
  'tags.notFound': 'No tag is called that.',
  'tags.name': 'Name',
  'tags.changed': 'Changed',
  'tags.save': 'Save',
  'tags.saved': 'Saved',
  'tags.delete': 'Delete',
  'tags.deleteQuestion': 'Delete the tag {name}? It goes from all conversations.',
}
