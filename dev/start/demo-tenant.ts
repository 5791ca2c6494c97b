import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WebhookEndpoint } from '../../domain/store/entities/delivery.ts';
import { Tenant } from '../../domain/store/entities/tenant.ts';
import type { Store } from '../../domain/store/store.ts';
import { type ApiClient, ApiError } from './api-client.ts';
import type { DataFolder } from './data-folder.ts';
import { findMail, isTo } from './mails.ts';
import { waitFor } from './patience.ts';
import { writePrivately } from './private-file.ts';
import { say } from './say.ts';
import type { State } from './state.ts';

const RUC = '1790012345001';
const NAME = 'Comprobante Demostración S.A.';
const EMAIL = 'demo@comprobante.invalid';
/** Tier BUSINESS as the tariff has it. */
const BUSINESS = { tier: 'BUSINESS', documentQuota: 20_000 } as const;

export interface DemoContext {
  api: ApiClient;
  store: Store;
  state: State;
  data: DataFolder;
  /** Folder of the mailbox; undefined when mail goes elsewhere. */
  mailboxDir?: string | undefined;
  /** Where the webhook receiver listens. */
  hooksUrl: string;
  signal: AbortSignal;
}

/** The demo tenant, ready to issue: the one of the last start, else a new one that is registered as any other is. */
export async function demoTenant(context: DemoContext): Promise<{ apiKey: string; issuerId: string }> {
  const tenant = (await knownTenant(context)) ?? (await register(context));
  await receiveWebhooks(context, tenant);
  return tenant;
}

type DemoTenant = NonNullable<State['tenant']>;

/** The database may be another than the last time. */
async function knownTenant({ api, state: { tenant } }: DemoContext): Promise<DemoTenant | undefined> {
  if (tenant === undefined) return undefined;
  try {
    await api.as(tenant.apiKey).get(`/v1/issuers/${tenant.issuerId}`);
    return tenant;
  } catch (error) {
    if (error instanceof ApiError && (error.status === 401 || error.status === 404)) return undefined;
    throw error;
  }
}

interface Registered {
  tenant: { id: string; status: string };
  issuer: { id: string };
  apiKey: string;
}

async function register(context: DemoContext): Promise<DemoTenant> {
  const { api, store, state, mailboxDir } = context;
  say('registering the demo tenant');
  const form = new FormData();
  form.set('cert', new Blob([new Uint8Array(certificate(context))]), 'demo.p12');
  const fields = {
    certPassword: state.secrets.certificatePassword,
    email: EMAIL,
    ruc: RUC,
    businessName: NAME,
    tradeName: 'Cafetería El Ejemplo',
    mainAddress: 'Av. Amazonas N34-120 y Av. Atahualpa, Quito',
    branchAddress: 'Calle La Ronda 745, Quito',
    branchCode: '001',
    issuePointCode: '001',
    emissionType: '1',
    requiredAccounting: 'true',
    language: 'es',
  };
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  const { tenant, issuer, apiKey } = await api.post<Registered>('/v1/register', form);
  if (mailboxDir === undefined) {
    await store.asSystem((em) => em.nativeUpdate(Tenant, { id: tenant.id }, { status: 'ACTIVE' }));
  } else if (tenant.status !== 'ACTIVE') {
    await verify(context, mailboxDir);
  }
  await store.asSystem((em) => em.nativeUpdate(Tenant, { id: tenant.id }, BUSINESS));
  const registered = { id: tenant.id, apiKey, issuerId: issuer.id };
  state.keepTenant(registered);
  return registered;
}

/** The demo tenant's P12, made once. */
function certificate({ state, data }: DemoContext): Buffer {
  const file = join(data.demo, 'demo.p12');
  try {
    return readFileSync(file);
  } catch {
    const password = state.secrets.certificatePassword;
    writePrivately(file, state.authority.issue({ ruc: RUC, commonName: NAME, password }));
    return readFileSync(file);
  }
}

/** Follows the link in the mail, wherever PUBLIC_URL says that it leads. */
async function verify({ api, signal }: DemoContext, mailboxDir: string): Promise<void> {
  const token = await waitFor(
    async () => {
      const mail = await findMail(mailboxDir, (found) => isTo(found, EMAIL) && linkIn(found.text) !== undefined);
      return linkIn(mail?.text);
    },
    { what: 'the verification mail', seconds: 60, signal },
  );
  await api.get(`/v1/verify-email?token=${token}`);
}

function linkIn(text: string | undefined): string | undefined {
  return /\/v1\/verify-email\?token=([0-9a-f]{64})/.exec(text ?? '')?.[1];
}

interface Endpoint {
  id: string;
  url: string;
}

/** One endpoint for our receiver, with the port that it has this time. */
async function receiveWebhooks({ api, store, state, hooksUrl }: DemoContext, tenant: DemoTenant): Promise<void> {
  const caller = api.as(tenant.apiKey);
  const { endpoints } = await caller.get<{ endpoints: Endpoint[] }>('/v1/webhooks');
  const ours = endpoints.find(({ url }) => url === hooksUrl || url === tenant.hooksUrl);
  if (ours === undefined) {
    const { secret } = await caller.post<{ secret: string }>('/v1/webhooks', { url: hooksUrl });
    state.keepTenant({ ...tenant, webhookSecret: secret, hooksUrl });
  } else if (ours.url !== hooksUrl) {
    // What waits to be delivered again follows.
    await store.asSystem((em) => em.nativeUpdate(WebhookEndpoint, { id: ours.id }, { url: hooksUrl }));
    state.keepTenant({ ...tenant, hooksUrl });
  }
}
