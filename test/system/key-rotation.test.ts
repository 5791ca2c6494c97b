import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EntityName } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApi, startApi } from '../../api/server.ts';
import { missingKeys, resealSome } from '../../domain/admin/key-rotation.ts';
import { SEALED_COLUMNS } from '../../domain/admin/sealed-columns.ts';
import { Mail } from '../../domain/store/entities/delivery.ts';
import { entities } from '../../domain/store/entities/index.ts';
import { Sealer } from '../../domain/store/sealing.ts';
import { mailSealContext } from '../../domain/tenants/verification.ts';
import { keyRotationStart } from '../../workflows/contract.ts';
import { buildGates, type Gates } from '../support/gates.ts';
import { keepHistory } from '../support/histories.ts';
import { startMortalWorker } from '../support/mortal-worker.ts';
import { type Operator, operatorOf } from '../support/operator.ts';
import { call, openShop, type Shop, until } from '../support/shop.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { isSignedBy, openEndpoint, type OpenEndpoint } from '../support/webhook-endpoints.ts';

/** More than a portion. */
const MAILS = 600;

const keyOf = (id: string) => ({ id, key: randomBytes(32) });
const [fresh, old, lost] = [keyOf('2026-11'), keyOf('2025-11'), keyOf('2024-11')];

let stack: Stack;
let shop: Shop;
let operator: Operator;
let gates: Gates;
/** Where the old key has been taken away. */
let api: RunningApi;
let endpoint: OpenEndpoint;
const folder = mkdtempSync(join(tmpdir(), 'comprobante-rotation-'));

beforeAll(async () => {
  const keys = [fresh, old].map(({ id, key }) => `${id}:${key.toString('hex')}`);
  stack = await startStack({ env: { ENCRYPTION_KEYS: keys.join() } });
  shop = await openShop(stack);
  operator = operatorOf(stack);
  api = await startApi({ ...stack.apiDeps, sealer: new Sealer([fresh]) }, { host: '127.0.0.1', port: 0 });
  gates = await buildGates(stack.config.databaseUrl, {
    mails: { table: 'mails', before: 'update', when: 'new.sealed_content is distinct from old.sealed_content' },
  });
  endpoint = await openEndpoint(shop, folder);
  await shop.post(`${endpoint.path}/rotate-secret`, { overlapHours: 24 });
  await shop.post('/v1/keys', { label: 'Caja 7' }, { 'idempotency-key': 'till-7' });
  await writeMails(new Sealer([old]), MAILS);
  await asBefore(old);
});

afterAll(async () => {
  await gates.stop();
  await endpoint.receiver.stop();
  await api.close();
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface KeyView {
  id: string;
  current: boolean;
  configured: boolean;
  total: number;
  values: Record<'certificates' | 'webhookSecrets' | 'mails' | 'answers', number>;
}

interface Encryption {
  keys: KeyView[];
  rotation: { to: string; status: string; startedAt: string | null; endedAt: string | null };
}

async function encryption(method = 'GET', path = ''): Promise<Encryption> {
  const answer = await operator.call(method, `/encryption-keys${path}`);
  expect(answer.status).toBe(method === 'GET' ? 200 : 202);
  return answer.body as unknown as Encryption;
}

const under = ({ keys }: Encryption, id: string) => keys.find((key) => key.id === id)!;

async function writeMails(sealer: Sealer, count: number): Promise<void> {
  const mail = { tenantId: shop.tenantId, kind: 'verification', recipient: 'a@example.com', status: 'SENT' } as const;
  await stack.store.asTenant(shop.tenantId, async (em) => {
    for (let index = 0; index < count; index++) {
      const id = v7();
      em.create(Mail, { ...mail, id, sealedContent: sealer.seal(Buffer.from('{}'), mailSealContext(id)) });
    }
  });
}

/** As it was before this key was followed by another. */
async function asBefore(key: typeof old): Promise<void> {
  const sealer = new Sealer([key, fresh]);
  for (let some = 1; some > 0;) some = await resealSome(stack.store, sealer, () => expect.unreachable());
}

async function ended(): Promise<Encryption> {
  return until('the end of the rotation', async () => {
    const seen = await encryption();
    return seen.rotation.status !== 'RUNNING' && seen;
  });
}

describe('what is sealed', () => {
  it('is known to the rotation, in whichever table it comes to be', () => {
    const columns = entities.flatMap((entity) => {
      const { tableName, props } = stack.store.orm.getMetadata(entity as EntityName<object>);
      const sealed = props.filter(({ name }) => /sealed/i.test(name));
      return sealed.flatMap(({ fieldNames }) => `${tableName}.${fieldNames[0]}`);
    });
    expect(SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`).toSorted()).toEqual(columns.toSorted());
  });

  it('is counted by key', async () => {
    const before = await encryption();
    expect(before.keys.map(({ id, current, configured }) => [id, current, configured])).toEqual([
      [fresh.id, true, true],
      [old.id, false, true],
    ]);
    expect(under(before, fresh.id).total).toBe(0);
    // The mail of the registration is there too.
    expect(under(before, old.id).values).toEqual({ certificates: 1, webhookSecrets: 2, mails: MAILS + 1, answers: 1 });
    expect(before.rotation).toEqual({ to: fresh.id, status: 'NONE', startedAt: null, endedAt: null });
  });
});

describe('a rotation', () => {
  it('goes on while the service runs, its worker killed on the way, until the old key is not needed', async () => {
    const { queues } = stack.config;
    await runWith(
      [fresh, old],
      queues.filter((queue) => queue !== 'bulk'),
    );
    const doomed = await startMortalWorker(stack, ['bulk']);
    const openGate = await gates.close('mails', shop.tenantId);
    const begun = await encryption('POST', '/rotate');
    expect(begun.rotation).toMatchObject({ to: fresh.id, status: 'RUNNING' });
    await gates.waiting(1);
    const meanwhile = await encryption();
    expect(under(meanwhile, fresh.id).values).toEqual({ certificates: 1, webhookSecrets: 2, mails: 0, answers: 0 });
    expect(under(meanwhile, old.id).total).toBe(MAILS + 2);
    // Who asks again joins; who writes meanwhile does not wait.
    expect((await encryption('POST', '/rotate')).rotation.startedAt).toBe(begun.rotation.startedAt);
    const secret = (await shop.post(`${endpoint.path}/rotate-secret`, { overlapHours: 24 })).body.secret;
    expect((await shop.sell()).body.document.status).toBe('SIGNED');
    await doomed.kill();
    await openGate();

    await runWith([fresh, old], queues);
    const after = await ended();
    expect(after.rotation.status).toBe('COMPLETED');
    expect(under(after, old.id).total).toBe(0);
    expect(under(after, fresh.id).values).toEqual({ certificates: 1, webhookSecrets: 2, mails: MAILS + 1, answers: 1 });
    await keepHistory(stack.temporal.client, 'key-rotation', keyRotationStart(fresh.id).workflowId);
    const { audit } = (await operator.call('GET', '/audit')).body;
    expect(audit[0]).toMatchObject({ action: 'encryption-keys.rotate', detail: { to: fresh.id } });

    await runWith([fresh]);
    const own = { authorization: `Bearer ${shop.apiKey}`, 'x-issuer-id': shop.issuerId };
    const repeated = { headers: { ...own, 'idempotency-key': 'till-7' }, body: { label: 'Caja 7' } };
    const made = await call(api.url, 'POST', '/v1/keys', repeated);
    expect(made.headers.get('idempotent-replayed')).toBe('true');
    const sold = await shop.sell({ autoSend: true }, { prefer: 'wait=30' });
    expect(sold.body.document.status).toBe('AUTHORIZED');
    const delivered = await until('the webhook', async () => endpoint.receiver.received().at(-1));
    expect(isSignedBy(secret, delivered)).toBe(true);
  });

  it('fails where a worker encrypts under another key, and undoes nothing', async () => {
    await runWith([old, fresh]);
    const before = await encryption('POST', '/rotate');
    expect(under(before, old.id).total).toBe(0);
    const after = await ended();
    expect(after.rotation.status).toBe('FAILED');
    expect(after.keys).toEqual(before.keys);
  });

  it('leaves what it cannot open, and says under which key that is', async () => {
    await runWith([fresh, old]);
    await writeMails(new Sealer([lost]), 3);
    // And one whose row is not the one that it was sealed for.
    const wrong = new Sealer([old]).seal(Buffer.from('{}'), mailSealContext('another'));
    await stack.store.asTenant(shop.tenantId, async (em) => {
      const [mail] = await em.find(Mail, { sealedContent: { $ne: null } }, { orderBy: { id: 'asc' }, limit: 1 });
      mail!.sealedContent = wrong;
    });
    expect(await missingKeys(stack.store, new Sealer([fresh, old]))).toEqual([lost.id]);
    await encryption('POST', '/rotate');
    const after = await ended();
    expect(after.rotation.status).toBe('COMPLETED');
    expect(under(after, lost.id)).toMatchObject({ configured: false, current: false, total: 3 });
    expect(under(after, old.id)).toMatchObject({ configured: true, total: 1 });
    expect(stack.logs()).toContain('a sealed value cannot be opened');
  });
});

/** The workers, started anew with these keys. */
async function runWith(encryptionKeys: (typeof old)[], queues = stack.config.queues): Promise<void> {
  await stack.stopWorkers();
  Object.assign(stack.config, { encryptionKeys, queues });
  await stack.startWorkers();
}
