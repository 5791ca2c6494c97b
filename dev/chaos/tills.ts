import { setTimeout as delay } from 'node:timers/promises';
import { documentTypes } from '../../domain/format/document-types.ts';
import { isCedula } from '../../domain/model/identification.ts';
import type { Store } from '../../domain/store/store.ts';
import { expectStatus } from '../../test/support/api-call.ts';
import { openShop } from '../../test/support/shop.ts';
import type { Product } from './product.ts';
import type { Random } from './random.ts';
import { newSale, type Sale, sell, type Shop } from './sales.ts';

/** Sales that wait for an answer; with so many no other is begun. */
const MOST_OPEN = 300;

/** Tenants with an issuer for all six types and a webhook endpoint each. */
export async function openShops(product: Product, store: Store, count: number): Promise<Shop[]> {
  const { api: apiUrl, authority, mailboxDir, hooksUrl: url } = product;
  const street = { apiUrl, authority, store, mailbox: { dir: mailboxDir } };
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const { client, ...shop } = await openShop(street, { email: `caos${index}@example.com`, ruc: rucOf(index) });
      const params = { id: shop.issuerId };
      for (const { code: documentType } of documentTypes.slice(1)) {
        expectStatus(await client.enableIssuerDocumentType({ params, body: { documentType } }), 200);
      }
      const { endpoint } = expectStatus(await client.createWebhook({ body: { url } }), 201).body;
      const { apiKey, issuerId, tenantId } = shop;
      return { apiKey, issuerId, tenantId, endpointId: endpoint.id };
    }),
  );
}

/** Of a person of Pichincha; each index has its own. */
function rucOf(index: number): string {
  const nine = `17${String(1_003_400 + index).padStart(7, '0')}`;
  return `${[0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => `${nine}${digit}`).find(isCedula)!}001`;
}

export interface TillOptions {
  api: string;
  shops: readonly Shop[];
  /** Sales a second. */
  rate: number;
  random: Random;
  /** No new sales from then on. */
  closing: AbortSignal;
  /** Nobody waits for an answer any more. */
  patience: AbortSignal;
}

/** Sells, and writes every sale down before it asks. Resolves when each has its answer, or patience is at its end. */
export async function runTills({ api, shops, rate, random, closing, patience }: TillOptions, sales: Sale[]) {
  const open = new Set<Promise<void>>();
  const began = Date.now();
  for (let sold = 0; !closing.aborted;) {
    if (open.size < MOST_OPEN && sold < ((Date.now() - began) / 1000) * rate) {
      const sale = newSale(random.pick(shops), random);
      sales.push(sale);
      sold++;
      const asked = sell(api, sale, random, patience).finally(() => open.delete(asked));
      open.add(asked);
    } else {
      await delay(20);
    }
  }
  await Promise.all(open);
}
