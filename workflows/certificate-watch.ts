import { sweep, watch } from './proxies.ts';

/** Looks at all certificates of a tenant and tells of those that run out; the tenant's schedule runs it each day. */
export async function certificateWatchWorkflow(tenantId: string): Promise<number> {
  return watch.watchCertificates(tenantId);
}

/** Makes the tenant's schedule, or pauses or resumes it, as the tenant's status has it. */
export async function certificateScheduleWorkflow(tenantId: string): Promise<void> {
  await sweep.alignCertificateSchedule(tenantId);
}
