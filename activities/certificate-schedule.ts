import { createHash } from 'node:crypto';
import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { OutboxMessage } from '../domain/store/entities/delivery.ts';
import { Tenant, type TenantStatus } from '../domain/store/entities/tenant.ts';
import type { Store } from '../domain/store/store.ts';
import { certificateScheduleId, certificateWatchStart } from '../workflows/contract.ts';

const HOUR_MS = 3_600_000;
/** 05:00 in Guayaquil, so that whoever is told finds it in the morning. */
const FROM_MS = 10 * HOUR_MS;
/** The tenants are spread over so long. */
const SPREAD_MS = 4 * HOUR_MS;
/** A status that changes faster than this is left to the next sweep. */
const MAX_ROUNDS = 5;

/**
 * Makes the schedule of a tenant follow its status: there is one, and it is paused while the tenant is suspended. Two
 * that do this at once end with what the row says, since each looks at the row again when it is done.
 */
export async function alignSchedule(store: Store, client: Client, tenantId: string): Promise<void> {
  // Those that were there before the row was read: a later one is about what may not have been seen.
  const heard = await store.asSystem((em) =>
    em.find(OutboxMessage, { kind: 'schedule', subject: tenantId }, { fields: ['id'] }),
  );
  const statusOf = () => store.asSystem(async (em) => (await em.findOneOrFail(Tenant, tenantId)).status);
  let status = await statusOf();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    await makeFollow(client, tenantId, status);
    const now = await statusOf();
    if (now === status) break;
    status = now;
  }
  await store.asSystem((em) => em.nativeDelete(OutboxMessage, { id: { $in: heard.map(({ id }) => id) } }));
}

async function makeFollow(client: Client, tenantId: string, status: TenantStatus): Promise<void> {
  const paused = status === 'SUSPENDED';
  const scheduleId = certificateScheduleId(tenantId);
  try {
    await client.schedule.create({
      scheduleId,
      spec: { intervals: [{ every: '1 day', offset: FROM_MS + spreadOf(tenantId) }] },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 day' },
      state: { paused },
      action: {
        type: 'startWorkflow',
        workflowType: 'certificateWatchWorkflow',
        workflowExecutionTimeout: '1 day',
        ...certificateWatchStart(tenantId),
      },
    });
    return;
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
  const handle = client.schedule.getHandle(scheduleId);
  const { state } = await handle.describe();
  if (paused && !state.paused) await handle.pause('The tenant is suspended');
  if (!paused && state.paused) await handle.unpause('The tenant is not suspended any more');
}

/** The same for a tenant always. */
function spreadOf(tenantId: string): number {
  return createHash('sha256').update(tenantId).digest().readUInt32BE() % SPREAD_MS;
}
