import { v7 } from 'uuid';
import type { PromotionRequest } from '../domain/model/promotion.ts';
import { Refusal } from '../domain/refusal.ts';
import { newApiKey } from '../domain/tenants/api-keys.ts';
import { planPromotion } from '../domain/tenants/promotion.ts';
import { ProcessUnavailable } from './document-process.ts';
import { Problem } from './problems.ts';
import type { Services } from './route.ts';

/** How often an account may change under an offer; a person who makes keys meanwhile is no faster. */
const ATTEMPTS = 5;

export interface ShownKey {
  label: string | null;
  /** Shown once: it is in no database and no history. */
  apiKey: string;
}

/**
 * Takes a tenant to production. The keys are made here, and only their hashes leave this process.
 * @returns one production key for each sandbox key that ended
 * @throws Refusal EMAIL_VERIFICATION_REQUIRED, ACCOUNT_SUSPENDED, CONFLICT, VALIDATION_FAILED; Problem
 * SERVICE_UNAVAILABLE when it is not known how it ended
 */
export async function promote(services: Services, tenantId: string, request: PromotionRequest): Promise<ShownKey[]> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const mirrored = await planPromotion(services.tenants, tenantId, request);
    const made = mirrored.map(({ id, label }) => ({ mirrorOf: id, label, ...newApiKey('production') }));
    const keys = made.map(({ mirrorOf, hash, hint }) => ({ mirrorOf, hash: hash.toString('hex'), hint }));
    const outcome = await offer(services, tenantId, { ...request, id: v7(), keys });
    if (outcome === 'PROMOTED') return made.map(({ label, apiKey }) => ({ label, apiKey }));
  }
  throw new Refusal('CONFLICT', 'The keys of the account are being changed at this moment. Nothing was promoted.');
}

async function offer(services: Services, ...offered: Parameters<Services['tenantProcess']['promote']>) {
  try {
    return await services.aside(() => services.tenantProcess.promote(...offered));
  } catch (error) {
    if (!(error instanceof ProcessUnavailable)) throw error;
    throw new Problem('SERVICE_UNAVAILABLE', {
      detail:
        'It is not known yet whether the account was promoted. Repeat the request with the same API key in a moment: it answers with keys that work.',
      headers: { 'Retry-After': '5' },
    });
  }
}
