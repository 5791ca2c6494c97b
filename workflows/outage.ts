import { setCurrentDetails } from '@temporalio/workflow';
import type { SriService } from '../domain/model/sri-service.ts';
import { outage } from './proxies.ts';

/**
 * Watches an outage of one of SRI's services until it answers, and then has the documents that wait go on; its id is
 * `sri-outage/<service>/<host>`. Which they are, and whether SRI is away, is in PostgreSQL.
 */
export async function sriOutageWorkflow(host: string, service: SriService): Promise<void> {
  let released = false;
  while (!released) {
    setCurrentDetails(`Asks ${host} now and then whether it answers`);
    await outage.awaitRecovery(host, service);
    setCurrentDetails(`${host} answers. The documents that waited go on`);
    released = await outage.releaseWaiting(host, service);
  }
}
