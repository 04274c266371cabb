import type { components } from '../../shared/api/schema.d.ts'
import type { Resource } from '../catalogue/catalogue.ts'

/** What one can ask: may they, who may, what may they, and to which objects. */
export const asks = ['may', 'who', 'what', 'filter'] as const
export type Ask = (typeof asks)[number]

/** Question is what is asked about; '' is oneself as subject, and nobody as owner or assignee. */
export type Question = { ask: Ask; subject: string; resource: string; action: string; owner: string; assignee: string; departments: string[] }

/** The words of an address that make a question, as others link to it. */
export type Asked = { ask?: string; subject?: string; resource?: string; action?: string; owner?: string; assignee?: string; department?: string }

/** toQuestion reads an address; what it does not say is about reading conversations. */
export function toQuestion(said: Asked): Question {
  const ask = asks.find((a) => a === said.ask) ?? 'may'
  const { subject = '', resource = 'conversation', action = 'read', owner = '', assignee = '', department = '' } = said
  return { ask, subject, resource, action, owner, assignee, departments: department ? department.split(',') : [] }
}

/** toAddress is the reverse of toQuestion. What a question does not need is left out. */
export function toAddress(q: Question): Asked {
  const subject = q.ask !== 'who' && q.subject ? { subject: q.subject } : {}
  if (q.ask === 'what') return { ask: q.ask, ...subject }
  const about = { ask: q.ask, ...subject, resource: q.resource, action: q.action }
  if (q.ask === 'filter') return about
  return {
    ...about,
    ...(q.owner ? { owner: q.owner } : {}),
    ...(q.assignee ? { assignee: q.assignee } : {}),
    ...(q.departments.length > 0 ? { department: q.departments.join(',') } : {}),
  }
}

/** objectOf describes the object of a question as the server asks for it. */
export function objectOf(q: Question, resource: Resource | undefined): components['schemas']['ObjectJSON'] {
  const assignable = resource?.assignable ?? false
  return {
    resource: q.resource,
    ...(q.owner ? { owners: [q.owner] } : {}),
    ...(assignable ? { assignable, assignee: q.assignee || null } : {}),
    ...(q.departments.length > 0 ? { departments: q.departments } : {}),
  }
}
