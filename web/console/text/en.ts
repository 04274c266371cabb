import type { zh } from './zh-CN.ts'

/** What the console says, in English. */
export const en: Record<keyof typeof zh, string> = {
  'brand.line': 'Every door checked, every answer explained, every act provable.',
  'cancel': 'Cancel',
  'menu.title': 'Main menu',
  'menu.tabs': 'Pages of this section',
  'menu.skip': 'Skip to content',
  'menu.desk': 'Desk',
  'menu.me': 'Me: {name}',
  'status.online': 'Online',
  'status.busy': 'Busy',
  'status.offline': 'Offline',
  'status.label': 'Status and load: {load} of {max}',
  'stepUp.title': 'Second factor',
  'stepUp.help': 'This is of high risk and needs a second factor no older than ten minutes. Enter six digits or a recovery code; it goes on by itself.',
  'more': 'More',
  'pick.none': 'Nothing found',
  'menu.roles': 'Roles',
  'menu.access': 'Access',
  'menu.audit': 'Audit',
  'nowhere.title': 'There is no such page',
  'nowhere.home': 'To the first page',
}
