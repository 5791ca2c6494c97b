import { setTimeout as delay } from 'node:timers/promises';
import { ApiError } from '../start/api-client.ts';
import { callAs, CLOCK_MARGIN_MS, type Shop } from './sales.ts';

const EVERY_MS = 3_000;
/** So often at most, he who can ask for something to be tried now does. */
const HURRY_EVERY_MS = 15_000;
const AT_ONCE = 100;
const NOW = { Prefer: 'wait=0' };

interface Listed {
  accessKey: string;
  requestPayload?: object;
}

/**
 * Does what a person does at a shop: corrects what SRI has refused, and sends it again. Goes on until `signal`.
 * @param hurry whether to have mails and webhooks that failed tried again at once, as a person may
 * @param grumble gets what the service would not do
 */
export async function runClerk(
  { api, shop, hurry, signal }: { api: string; shop: Shop; hurry: () => boolean; signal: AbortSignal },
  grumble: (what: string) => void,
): Promise<void> {
  const began = Date.now();
  let hurried = 0;
  while (!signal.aborted) {
    try {
      await mend(api, shop);
      if (hurry() && Date.now() - hurried > HURRY_EVERY_MS) {
        hurried = Date.now();
        await press(api, shop, began);
      }
    } catch (error) {
      // It is looked at again in a moment; that the API is away is what this is about.
      if (error instanceof ApiError && error.status < 500) grumble(error.message);
    }
    await delay(EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function mend(api: string, shop: Shop): Promise<void> {
  for (const { accessKey } of [...(await list('RETURNED')), ...(await list('NOT_AUTHORIZED'))]) {
    const path = `/v1/documents/${accessKey}`;
    const { document } = await callAs(api, shop).get<{ document: Listed }>(path);
    await callAs(api, shop).post(`${path}/rebuild`, { ...document.requestPayload, autoSend: false });
  }
  for (const { accessKey } of await list('SIGNED')) {
    await callAs(api, shop).post(`/v1/documents/${accessKey}/send`, {}, NOW);
  }

  async function list(status: string): Promise<Listed[]> {
    return (await callAs(api, shop).get<{ data: Listed[] }>(`/v1/documents?status=${status}&limit=${AT_ONCE}`)).data;
  }
}

/** "Try it now." */
async function press(api: string, shop: Shop, began: number): Promise<void> {
  await callAs(api, shop).post('/v1/documents/email-retry', {}, NOW);
  const [from, to] = [began - CLOCK_MARGIN_MS, Date.now() + CLOCK_MARGIN_MS].map((ms) => new Date(ms).toISOString());
  await callAs(api, shop).post(`/v1/webhooks/${shop.endpointId}/replay`, { from, to, status: 'RETRYING' });
}
