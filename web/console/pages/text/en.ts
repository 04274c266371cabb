import type { zh } from './zh-CN.ts'

/** The same in English. */
export const en: Record<keyof typeof zh, string> = {
  'link.title': 'Choose a password',
  'link.help': 'The link works once.',
  'link.none': 'The address lacks the link itself. Open the whole link that you were given.',
  'link.password': 'Password',
  'link.done': 'Your password is set',
  'link.who': 'Tenant {tenant}, user {username}',
  'setup.title': 'Make the first tenant',
  'setup.help': 'With its first administrator, who sets up a second factor next.',
  'setup.none': 'The address lacks the link itself. Open the one that usher serve printed.',
  'setup.slug': 'Slug (stands in addresses and never changes)',
  'setup.name': 'Name',
}
