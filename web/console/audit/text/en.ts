import type { zh } from './zh-CN.ts'

/** The same in English. */
export const en: Record<keyof typeof zh, string> = {
  'audit.records': 'Audit records',
  'audit.record': 'Audit record',
  'audit.time': 'Time',
  'audit.actor': 'Actor',
  'audit.actorId': 'Id of the actor',
  'audit.event': 'Event',
  'audit.target': 'Target',
  'audit.targetIs': 'Target (type id)',
  'audit.outcome': 'Outcome',
  'audit.success': 'Success',
  'audit.failure': 'Failure',
  'audit.unknown': 'Unknown',
  'audit.any': 'Any',
  'audit.from': 'From',
  'audit.to': 'To',
  'audit.search': 'Search',
  'audit.none': 'No record is like that.',
  'audit.permission': 'Permission',
  'audit.changes': 'Before and after',
  'audit.field': 'Field',
  'audit.before': 'Before',
  'audit.after': 'After',
  'audit.raw': 'The record itself',
}
