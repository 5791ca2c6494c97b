import { expect } from 'vitest';
import { type Answer, type AnswerBody, call, P12_PASSWORD, registrationForm } from './shop.ts';
import type { Stack } from './stack.ts';

/** The id of nothing. */
export const NOBODY = '01900000-0000-7000-8000-000000000000';

/** What only administration is answered. */
export interface AdminBody extends AnswerBody {
  tenants: { id: string; email: string; status: string; reasons: { reason: string; subject: string | null }[] }[];
  audit: { action: string; tenantId: string; subject: string; detail: Record<string, unknown>; requestId: string }[];
  documents: { accessKey: string; workflow: string; waitsFor: string }[];
  tenantsChecked: number;
  retries: Record<'attempted' | 'succeeded' | 'failed' | 'exhausted', number>;
  pagination: AnswerBody['pagination'] & { nextCursor: string | null };
}

export type AdminAnswer = Omit<Answer, 'body'> & { body: AdminBody };

/** Whoever runs the service: calls what is below `/v1/admin` with its secret. */
export interface Operator {
  call: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<AdminAnswer>;
  /** All that was answered. */
  answers: readonly string[];
  /** Makes an account, and returns its id. */
  newTenant(email: string, subscriptionTier?: string): Promise<string>;
  /** An account that registers, and whose address is not proven. */
  pendingTenant(email: string, ruc: string): Promise<{ id: string; apiKey: string }>;
  /** The acts that concern an account, newest first. */
  auditOf(tenantId: string): Promise<AdminBody['audit']>;
}

export function operatorOf(stack: Pick<Stack, 'apiUrl' | 'config' | 'authority'>): Operator {
  const { apiUrl, config, authority } = stack;
  const answers: string[] = [];
  const operator: Operator = {
    answers,
    call: async (method, path, body, headers = {}) => {
      const own = { authorization: `Bearer ${config.adminSecret}`, ...headers };
      const answer = await call(apiUrl, method, `/v1/admin${path}`, { headers: own, body });
      answers.push(answer.bytes.toString());
      return answer as AdminAnswer;
    },
    async newTenant(email, subscriptionTier = 'BUSINESS') {
      const made = await operator.call('POST', '/tenants', { email, subscriptionTier });
      expect(made.status).toBe(201);
      return made.body.tenant.id;
    },
    async pendingTenant(email, ruc) {
      const p12 = authority.issue({ ruc, commonName: 'PRUEBA', password: P12_PASSWORD });
      const registered = await call(apiUrl, 'POST', '/v1/register', { body: registrationForm(p12, { email, ruc }) });
      expect(registered.status).toBe(201);
      return { id: registered.body.tenant.id, apiKey: registered.body.apiKey };
    },
    auditOf: async (tenantId) => (await operator.call('GET', `/audit?limit=100&tenantId=${tenantId}`)).body.audit,
  };
  return operator;
}
