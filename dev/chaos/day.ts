import type { Store } from '../../domain/store/store.ts';
import { callAs, type Shop } from './sales.ts';

/** As if SRI had said more than a day ago that it has these; it may never have had them. */
const LATER = `
  update documents d set received_at = received_at - interval '25 hours'
  where status = 'RECEIVED' and received_at > now() - interval '1 day' and exists (
    select from document_events e
    where e.document_id = d.id and e.to_status = 'RECEIVED' and e.detail->>'answer' not in ('RECIBIDA', 'found by asking'))
  returning access_key as "accessKey", tenant_id as "tenantId"`;

/** Lets a day pass for what SRI only said that it has (43, 70), and has it asked about now rather than within minutes. */
export async function letADayPass(store: Store, api: string, shops: readonly Shop[]): Promise<void> {
  const aged = await store.asSystem((em) => em.execute<{ accessKey: string; tenantId: string }[]>(LATER));
  for (const { accessKey, tenantId } of aged) {
    const shop = shops.find((one) => one.tenantId === tenantId)!;
    await callAs(api, shop).get(`/v1/documents/${accessKey}/authorize`);
  }
}
