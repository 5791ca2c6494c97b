import { z } from 'zod';
import { countSealed, noteRotation } from '../../domain/admin/key-rotation.ts';
import type { SealedKind } from '../../domain/admin/sealed-columns.ts';
import { ProcessUnavailable } from '../document-process.ts';
import { instant, ok } from '../fields.ts';
import { route, type Services } from '../route.ts';
import { ADMIN } from './admin-tenants.ts';

const count = z.int().min(0);

const EncryptionKeyOut = z
  .object({
    id: z.string().meta({ description: 'As `ENCRYPTION_KEYS` has it.', example: '2026-11' }),
    current: z.boolean().meta({ description: 'It encrypts: it is the first.' }),
    configured: z
      .boolean()
      .meta({ description: '`false`: values are encrypted under a key that this process does not have.' }),
    total: count.meta({ description: 'Values under it. At 0, one that is not current can be taken away.' }),
    values: z
      .object({ certificates: count, webhookSecrets: count, mails: count, answers: count })
      .meta({ description: 'What they are; `answers` are those kept for an `Idempotency-Key`, for a day.' }),
  })
  .meta({ id: 'EncryptionKey' });

const EncryptionOut = z
  .object({
    ok,
    keys: z.array(EncryptionKeyOut).meta({ description: 'Those that are configured, then those that are not.' }),
    rotation: z
      .object({
        to: z.string().meta({ description: 'Id of the key that is current.' }),
        status: z.enum(['NONE', 'RUNNING', 'COMPLETED', 'FAILED', 'UNKNOWN']).meta({
          description:
            '`FAILED`: it was ended, or a worker has another current key: give all processes the same keys, and begin again. `UNKNOWN` while Temporal is away.',
        }),
        startedAt: instant().nullable(),
        endedAt: instant().nullable(),
      })
      .meta({ description: 'The last rotation to the current key.' }),
  })
  .meta({ id: 'Encryption' });

export const adminEncryptionRoutes = [
  route({
    method: 'get',
    path: '/v1/admin/encryption-keys',
    operationId: 'adminGetEncryptionKeys',
    tag: ADMIN,
    summary: 'See what is encrypted under which key',
    description: 'How far a rotation has come: it has ended when nothing is left under the old key.',
    auth: 'admin',
    responses: { 200: { description: 'The keys, and how many values are under each.', schema: EncryptionOut } },
    errors: [],
  })(async ({ services }) => {
    return { status: 200, body: await encryptionOut(services) };
  }),

  route({
    method: 'post',
    path: '/v1/admin/encryption-keys/rotate',
    operationId: 'adminRotateEncryptionKeys',
    tag: ADMIN,
    summary: 'Encrypt everything anew under the current key',
    description:
      'Goes on by itself while the service runs: workers read what is under another key of `ENCRYPTION_KEYS` and encrypt it under the first. Whoever asks again joins what is going on. Have all processes encrypt under the new key before, else it fails.',
    auth: 'admin',
    responses: { 202: { description: 'It is going on.', schema: EncryptionOut } },
    errors: [],
  })(async ({ services, requestId }) => {
    const { store, sealer } = services.tenants;
    await noteRotation(store, { requestId }, sealer.currentId);
    await services.tenantProcess.rotateKeys(sealer.currentId);
    return { status: 202, body: await encryptionOut(services) };
  }),
];

async function encryptionOut(services: Services): Promise<z.output<typeof EncryptionOut>> {
  const { store, sealer } = services.tenants;
  const [counts, rotation] = await Promise.all([countSealed(store), rotationOut(services)]);
  const ids = new Set([...sealer.ids, ...counts.map(({ keyId }) => keyId)]);
  const keys = [...ids].map((id) => {
    const under = counts.filter(({ keyId }) => keyId === id);
    const valuesOf = (kind: SealedKind) => under.find((row) => row.kind === kind)?.values ?? 0;
    return {
      id,
      current: id === sealer.currentId,
      configured: sealer.ids.includes(id),
      total: under.reduce((sum, { values }) => sum + values, 0),
      values: {
        certificates: valuesOf('certificates'),
        webhookSecrets: valuesOf('webhookSecrets'),
        mails: valuesOf('mails'),
        answers: valuesOf('answers'),
      },
    };
  });
  return { ok: true, keys, rotation };
}

/** What is under which key must be told while Temporal is away too. */
async function rotationOut({ tenants: { sealer }, tenantProcess }: Services) {
  const to = sealer.currentId;
  try {
    const state = await tenantProcess.rotationTo(to);
    return {
      to,
      status: state?.status ?? ('NONE' as const),
      startedAt: state?.startedAt.toISOString() ?? null,
      endedAt: state?.endedAt?.toISOString() ?? null,
    };
  } catch (error) {
    if (!(error instanceof ProcessUnavailable)) throw error;
    return { to, status: 'UNKNOWN' as const, startedAt: null, endedAt: null };
  }
}
