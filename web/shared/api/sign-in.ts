import type { Client } from './client.ts'
import { Problem, toProblem } from './problem.ts'
import type { components } from './schema.d.ts'
import type { Issued, Session } from './session.ts'

type Enrolment = components['schemas']['EnrolmentJSON']

/** Step is where somebody who signs in stands. */
export type Step =
  | { name: 'password' }
  | { name: 'code'; challenge: string }
  | { name: 'enrol'; challenge: string; enrolment: Enrolment }
  | { name: 'keep-codes'; issued: Issued } // recovery codes, shown this once
  | { name: 'done' }

const lastTenant = 'usher.tenant'

/** SignIn goes from the password to a session, through the second factor or its enrolment where the server asks for it. */
export class SignIn {
  private readonly client: Client
  private readonly session: Session
  private typed = '' // the password, for the step that changes one that was imported

  constructor(client: Client, session: Session) {
    this.client = client
    this.session = session
  }

  /** tenant is the one in the address, /t/{slug}, or the last that somebody signed in to with this browser. */
  static tenant(): string {
    const named = /\/t\/([^/]+)$/.exec(location.pathname)
    return named ? decodeURIComponent(named[1]!) : (localStorage.getItem(lastTenant) ?? '')
  }

  async password(tenant: string, username: string, password: string): Promise<Step> {
    this.typed = password
    try {
      const issued = await this.client.post('/v1/auth/login', { body: { ...(tenant ? { tenant } : {}), username, password } })
      if (tenant) localStorage.setItem(lastTenant, tenant)
      return this.finish(issued)
    } catch (e) {
      const problem = toProblem(e)
      const challenge = problem.body.challenge
      if (challenge && tenant) localStorage.setItem(lastTenant, tenant)
      if (problem.code === 'mfa_required' && challenge) return { name: 'code', challenge }
      if (problem.code === 'mfa_enrolment_required' && challenge) return this.enrol(challenge)
      this.typed = ''
      throw problem
    }
  }

  /** enrol begins an enrolment with a challenge, from a password or from the first set-up. */
  async enrol(challenge: string): Promise<Step> {
    return { name: 'enrol', challenge, enrolment: await this.client.post('/v1/auth/login/enrol', { body: { challenge } }) }
  }

  async code(challenge: string, code: string): Promise<Step> {
    return this.finish(await this.client.post('/v1/auth/login/otp', { body: { challenge, code: code.replace(/\s/g, '') } }))
  }

  /** kept goes on once the recovery codes are in a safe place. */
  kept(issued: Issued): Step {
    this.session.take(issued, this.typed)
    this.typed = ''
    return { name: 'done' }
  }

  private finish(issued: Issued): Step {
    return issued.recovery_codes?.length ? { name: 'keep-codes', issued } : this.kept(issued)
  }
}

/** startsOver tells whether a refusal ends the attempt: the challenge is used up or too old. */
export function startsOver(problem: Problem): boolean {
  return problem.code === 'bad_challenge'
}
