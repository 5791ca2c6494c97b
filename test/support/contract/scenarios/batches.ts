import type { Ask } from '../ask.ts';
import { finished, startBatch } from '../../batches.ts';
import { sampleSale } from '../../sales.ts';
import { type Make, NOBODY, type Scenario, type Scenarios } from '../scenario.ts';
import { asShop, type Street } from '../street.ts';

const about = (id: string, ask: Ask = {}): Ask => ({ ...ask, params: { id } });
const unknown: Make = () => about(NOBODY);

/** A batch of a shop of its own, with a line of each kind, that is finished. */
async function completed(street: Street): Promise<Ask> {
  const shop = await street.open();
  const { id } = await startBatch(shop, [sampleSale(), '{']);
  await finished(shop, { id });
  return about(id, { who: asShop(shop) });
}

/** One that is not, and stays so. */
async function paused(street: Street): Promise<Ask> {
  const ask = await completed(street);
  await street.stack.store.lookUp(`update batches set status = 'PAUSED', finished_at = null where id = ?`, [
    ask.params!['id'],
  ]);
  return ask;
}

const changing: Scenario = { 200: paused, NOT_FOUND: unknown, CONFLICT: completed };

export const batchScenarios: Scenarios = {
  listBatches: {
    200: async (street) => ({ who: (await completed(street)).who! }),
  },
  getBatch: { 200: completed, NOT_FOUND: unknown },
  listBatchResults: { 200: completed, NOT_FOUND: unknown },
  pauseBatch: changing,
  resumeBatch: changing,
  cancelBatch: changing,
};
