import type { zh } from './zh-CN.ts'

/** The same in English. */
export const en: Record<keyof typeof zh, string> = {
  'replies.new': 'New canned reply',
  'replies.search': 'Search by title or shortcut',
  'replies.none': 'There are no canned replies yet. Agents find them by typing / once there are.',
  'replies.notFound': 'No canned reply is called that.',
  'replies.name': 'Title',
  'replies.shortcut': 'Shortcut',
  'replies.shortcutHelp': 'Small letters, digits, - and _; agents type it after a slash',
  'replies.body': 'Text',
  'replies.department': 'For',
  'replies.everybody': 'Everybody',
  'replies.author': 'Author',
  'replies.changed': 'Changed',
  'replies.save': 'Save',
  'replies.saved': 'Saved',
  'replies.delete': 'Delete',
  'replies.deleteQuestion': 'Delete the canned reply {name}?',
}
