import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import type { FacturaBody } from '../../domain/format/factura.ts';
import type { DocumentStatus } from '../../domain/model/document.ts';
import { Tenant } from '../../domain/store/entities/tenant.ts';
import { createClient } from './api-client.ts';
import { sampleSale } from './sales.ts';
import type { Stack } from './stack.ts';

/** Where mails arrive. */
interface Mailboxed {
  mailbox: Pick<Stack['mailbox'], 'dir'>;
}

/** What a shop needs to be there. */
type Street = Pick<Stack, 'apiUrl' | 'authority' | 'store'> & Mailboxed;

export const P12_PASSWORD = 'Contraseña-de-prueba-7';
export const SHOP_RUC = '1710034065001';

/** A document as the API shows it. */
export interface DocumentView {
  accessKey: string;
  sequential: string;
  status: DocumentStatus;
  issueDate: string;
  total: string;
  authorizationNumber?: string;
  authorizationDate?: string;
  email: { status: string };
  waitingForSri?: { service: string; since: string };
}

export interface IssuerView {
  id: string;
  ruc: string;
  businessName: string;
  tradeName: string | null;
  branchCode: string;
  issuePointCode: string;
  branchAddress: string | null;
  color: string | null;
  certFingerprint: string;
  certExpiry: string;
}

export interface SequentialsView {
  documentType: string;
  sandbox: { current: number; next: number };
  production: { current: number; next: number };
}

export interface KeyView {
  id: string;
  label: string | null;
  environment: string;
  hint: string;
  scopes: string[];
  active: boolean;
  createdAt: string;
  lastUsedAt: string | null;
  revokedAt: string | null;
}

export interface EndpointView {
  id: string;
  url: string;
  eventTypes: string[];
  active: boolean;
  failingSince: string | null;
}

export interface DeliveryView {
  id: string;
  type: string;
  status: string;
  attempts: {
    attempt: number;
    outcome: string;
    statusCode: number | null;
    error: string | null;
    answer: string | null;
  }[];
}

export interface NotificationView {
  id: string;
  type: string;
  severity: string;
  title: string;
  message: string;
  metadata: Record<string, unknown> & { documents: { accessKey: string; sequential: string }[]; count: number };
  issuerId: string | null;
  readAt: string | null;
  version: number;
}

/** Whatever an operation of the API may answer with; which of it is there depends on the operation. */
export interface AnswerBody {
  ok: boolean;
  document: DocumentView;
  data: DocumentView[];
  pagination: { total: number; page: number; limit: number; nextCursor?: string | null; totalIsCapped?: boolean };
  stats: { from: string; to: string; count: number; total: string; byStatus: object[]; byDay: object[] };
  totals: { subtotal: string; total: string; lines: { net: string }[] };
  /** Of mails that were tried. */
  result: { sent: boolean; messageId: string; attempted: number; succeeded: number; failed: number };
  events: {
    eventType: string;
    fromStatus: string | null;
    toStatus: string | null;
    detail: Record<string, unknown> | null;
  }[];
  tenant: { id: string; status: string; sandbox: boolean; language: string };
  issuer: IssuerView;
  issuers: IssuerView[];
  documentTypes: string[];
  certFingerprint: string;
  certExpiry: string;
  sequentials: SequentialsView[];
  sequential: SequentialsView;
  apiKey: string;
  key: KeyView;
  keys: KeyView[];
  recovered?: boolean;
  /** Of a promotion. */
  apiKeys: { label: string | null; apiKey: string }[];
  ready: boolean;
  checks: { name: string; ok: boolean; required: boolean; message: string; issuerId?: string; documentType?: string }[];
  counters: { issuerId: string; documentType: string; next: number }[];
  /** Of a verification. */
  valid: boolean;
  email: string | null;
  message: string;
  endpoint: EndpointView;
  endpoints: EndpointView[];
  secret: string;
  previousSecretUntil: string | null;
  delivery: DeliveryView;
  deliveries: DeliveryView[];
  replay: { id: string; status: string; total: number; done: number };
  notification: NotificationView;
  notifications: NotificationView[];
  unreadCount: number;
  hasMore: boolean;
  preferences: { type: string; enabled: boolean }[];
  batch: {
    id: string;
    status: string;
    lines: { total: number; pending: number; issued: number; refused: number; cancelled: number };
    finishedAt: string | null;
  };
  batches: { id: string }[];
  results: {
    line: number;
    outcome: string;
    document: Pick<DocumentView, 'accessKey' | 'sequential' | 'status' | 'total'> | null;
    replayed: boolean;
    problem: Pick<AnswerBody, 'code' | 'detail' | 'errors'> | null;
  }[];
  /** Of a problem. */
  code: string;
  title: string;
  detail: string;
  errors: { field: string; code: string; message: string; value?: unknown }[];
}

export interface Answer {
  status: number;
  headers: Headers;
  bytes: Buffer;
  body: AnswerBody;
}

/** A tenant at its till: calls the API with its key and issuer. */
export interface Shop {
  apiKey: string;
  tenantId: string;
  issuerId: string;
  email: string;
  /** The client that is generated from the OpenAPI document: requests and answers have their types. */
  client: ReturnType<typeof createClient>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  patch(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  delete(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** `POST /v1/documents` with a valid sale; parts of it may be replaced. */
  sell(
    sale?: Partial<FacturaBody> & { autoSend?: boolean; issueDate?: string },
    headers?: Record<string, string>,
  ): Promise<Answer>;
}

/** One call of the API, with or without a body: JSON, or a form. */
export async function call(
  apiUrl: string,
  method: string,
  path: string,
  { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const form = body instanceof FormData || typeof body === 'string';
  const response = await fetch(`${apiUrl}${path}`, {
    method,
    headers: { ...(body === undefined || form ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    bytes,
    body: (isJson ? JSON.parse(bytes.toString()) : {}) as AnswerBody,
  };
}

/** The form of `POST /v1/register`; fields may be replaced, or left out with undefined. */
export function registrationForm(p12: Buffer, fields: Record<string, string | undefined> = {}): FormData {
  const form = new FormData();
  const all: Record<string, string | undefined> = {
    email: 'tienda@example.com',
    ruc: SHOP_RUC,
    businessName: 'Panadería El Trigo Ñato',
    tradeName: 'El Trigo',
    mainAddress: 'Av. Amazonas N21-147 y Roca, Quito',
    branchAddress: 'Calle Larga 5-24, Cuenca',
    branchCode: '001',
    issuePointCode: '001',
    emissionType: '1',
    requiredAccounting: 'false',
    certPassword: P12_PASSWORD,
    ...fields,
  };
  for (const [name, value] of Object.entries(all)) if (value !== undefined) form.set(name, value);
  form.set('cert', new Blob([new Uint8Array(p12)]), 'firma.p12');
  return form;
}

/** Registers a shop through the API, follows the link in its mail, and gives it the largest plan. */
export async function openShop(
  stack: Street,
  {
    email = 'tienda@example.com',
    ruc = SHOP_RUC,
    ...certificate
  }: { email?: string; ruc?: string; notAfter?: Date } = {},
): Promise<Shop> {
  const { apiUrl, authority, store } = stack;
  const p12 = authority.issue({ ruc, commonName: 'PRUEBA EL TRIGO', password: P12_PASSWORD, ...certificate });
  const registered = await call(apiUrl, 'POST', '/v1/register', { body: registrationForm(p12, { email, ruc }) });
  if (registered.status !== 201)
    throw new Error(`registration answers ${registered.status}: ${registered.bytes.toString()}`);
  const { apiKey, tenant, issuer } = registered.body;
  await store.asSystem((em) => em.nativeUpdate(Tenant, { id: tenant.id }, { tier: 'BUSINESS', documentQuota: 20_000 }));
  const link = await verificationLink(stack, email);
  const verified = await call(apiUrl, 'GET', `/v1/verify-email${link.search}`);
  if (verified.status !== 200) throw new Error(`verification answers ${verified.status}: ${verified.bytes.toString()}`);

  return shopAt(apiUrl, { apiKey, tenantId: tenant.id, issuerId: issuer.id, email });
}

/** A shop, at another API than the one where it was opened. */
export function shopAt(
  apiUrl: string,
  { apiKey, tenantId, issuerId, email }: Pick<Shop, 'apiKey' | 'tenantId' | 'issuerId' | 'email'>,
): Shop {
  const own = { authorization: `Bearer ${apiKey}`, 'x-issuer-id': issuerId };
  const shop: Shop = {
    apiKey,
    tenantId,
    issuerId,
    email,
    client: createClient({ baseUrl: apiUrl, bearer: apiKey, issuerId }),
    get: (path, headers) => call(apiUrl, 'GET', path, { headers: { ...own, ...headers } }),
    post: (path, body, headers) => call(apiUrl, 'POST', path, { body, headers: { ...own, ...headers } }),
    patch: (path, body, headers) => call(apiUrl, 'PATCH', path, { body, headers: { ...own, ...headers } }),
    delete: (path, headers) => call(apiUrl, 'DELETE', path, { headers: { ...own, ...headers } }),
    sell: ({ autoSend, issueDate, ...sale } = {}, headers) =>
      shop.post(
        '/v1/documents',
        {
          ...sampleSale(sale),
          ...(autoSend === undefined ? {} : { autoSend }),
          ...(issueDate === undefined ? {} : { issueDate }),
        },
        headers,
      ),
  };
  return shop;
}

/** Waits for the verification mail of an address, and takes the link out of it. */
export async function verificationLink(stack: Mailboxed, email: string): Promise<URL> {
  return until(`a verification mail to ${email}`, async () => {
    for (const mail of await mailsIn(stack)) {
      const link = mail.to === email ? /https?:\/\/\S+\?token=[0-9a-f]{64}/.exec(mail.text)?.[0] : undefined;
      if (link !== undefined) return new URL(link);
    }
    return undefined;
  });
}

export interface ReceivedMail {
  to: string;
  subject: string;
  text: string;
  html: string;
  messageId: string;
  attachments: { filename: string; content: Buffer }[];
}

/** Every copy of every mail that has arrived, in order. */
export async function mailsIn({ mailbox }: Mailboxed): Promise<ReceivedMail[]> {
  const files = readdirSync(mailbox.dir)
    .filter((name) => name.endsWith('.eml'))
    .toSorted();
  return Promise.all(
    files.map(async (name) => {
      const mail = await simpleParser(readFileSync(join(mailbox.dir, name)));
      const to = [mail.to ?? []].flat().flatMap(({ value }) => value.map(({ address }) => address));
      return {
        to: to.join(', '),
        subject: mail.subject ?? '',
        text: mail.text ?? '',
        html: mail.html || '',
        messageId: mail.messageId ?? '',
        attachments: mail.attachments.map(({ filename = '', content }) => ({ filename, content })),
      };
    }),
  );
}

const PATIENCE_MS = 60_000;

/** Asks again until there is an answer. @throws after a minute, saying what was waited for. */
export async function until<T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
