import { until } from '../../shop.ts';
import type { Ask } from '../ask.ts';
import { NOBODY, type Scenario, type Scenarios } from '../scenario.ts';
import { asShop, type Street, type StreetShop } from '../street.ts';
import { authorized } from './documents.ts';

/** Makes an endpoint that takes whatever comes; returns its id. */
async function hook({ stack }: Street, shop: StreetShop): Promise<string> {
  const made = await shop.post('/v1/webhooks', { url: stack.receiver.url });
  if (made.status !== 201) throw new Error(`a webhook answers ${made.status}: ${made.bytes.toString()}`);
  return made.body.endpoint.id;
}

const once = new WeakMap<Street, Promise<string>>();

/** One endpoint of the shop that sells, for whatever leaves it as it is. */
function anyHook(street: Street): Promise<string> {
  const known = once.get(street) ?? hook(street, street.shop);
  once.set(street, known);
  return known;
}

const about = async (street: Street, ask: Ask = {}): Promise<Ask> => ({
  ...ask,
  params: { id: await anyHook(street), ...ask.params },
});

const unknown: Scenario = { WEBHOOK_ENDPOINT_NOT_FOUND: () => ({ params: { id: NOBODY } }) };

/** A delivery in the endpoint's log. */
async function delivery(street: Street, id: string): Promise<string> {
  const pinged = await street.shop.post(`/v1/webhooks/${id}/ping`, undefined, { prefer: 'wait=30' });
  return (JSON.parse(pinged.bytes.toString()) as { delivery: { id: string } }).delivery.id;
}

/** An account on the smallest plan whose one endpoint is switched off while another is on. */
async function full(street: Street): Promise<{ shop: StreetShop; off: string }> {
  const shop = await street.open();
  const off = await hook(street, shop);
  await shop.patch(`/v1/webhooks/${off}`, { active: false });
  await hook(street, shop);
  await street.setTenant(shop, { tier: 'FREE' });
  return { shop, off };
}

export const messageScenarios: Scenarios = {
  createWebhook: { WEBHOOK_ENDPOINT_LIMIT_REACHED: async (street) => ({ who: asShop((await full(street)).shop) }) },
  changeWebhook: {
    200: (street) => about(street),
    ...unknown,
    WEBHOOK_ENDPOINT_LIMIT_REACHED: async (street) => {
      const { shop, off } = await full(street);
      return { who: asShop(shop), params: { id: off }, body: { active: true } };
    },
  },
  deleteWebhook: { 200: async (street) => ({ params: { id: await hook(street, street.shop) } }), ...unknown },
  rotateWebhookSecret: { 200: (street) => about(street), ...unknown },
  listWebhookDeliveries: { 200: (street) => about(street), ...unknown },
  pingWebhook: {
    200: (street) => about(street, { headers: { prefer: 'wait=30' } }),
    202: (street) => about(street, { headers: { prefer: 'wait=0' } }),
    ...unknown,
  },
  replayWebhookDelivery: {
    202: async (street) => {
      const id = await anyHook(street);
      return { params: { id, deliveryId: await delivery(street, id) } };
    },
    ...unknown,
    NOT_FOUND: (street) => about(street, { params: { deliveryId: NOBODY } }),
    CONFLICT: async (street) => {
      const id = await hook(street, street.shop);
      const deliveryId = await delivery(street, id);
      await street.shop.patch(`/v1/webhooks/${id}`, { active: false });
      return { params: { id, deliveryId } };
    },
  },
  replayWebhookWindow: { 202: (street) => about(street), ...unknown },
  getWebhookReplay: {
    200: async (street) => {
      const id = await anyHook(street);
      const window = { from: '2026-11-01T00:00:00Z', to: '2026-11-02T00:00:00Z' };
      const { bytes } = await street.shop.post(`/v1/webhooks/${id}/replay`, window);
      return { params: { id, replayId: (JSON.parse(bytes.toString()) as { replay: { id: string } }).replay.id } };
    },
    ...unknown,
    NOT_FOUND: (street) => about(street, { params: { replayId: NOBODY } }),
  },
  readNotification: {
    200: async (street) => {
      await authorized(street);
      const id = await until('a notification', async () => {
        const { bytes } = await street.shop.get('/v1/notifications');
        const { notifications } = JSON.parse(bytes.toString()) as { notifications: { id: string; readAt: unknown }[] };
        return notifications.find(({ readAt }) => readAt === null)?.id;
      });
      return { params: { id } };
    },
    NOT_FOUND: () => ({ params: { id: NOBODY } }),
  },
};
