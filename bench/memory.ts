// Whether the worker's memory is flat: whole lives of documents, signed, sent, authorized, printed and mailed, and the
// resident memory of the worker's process (Chromium apart) after each hundred of them.
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { openHouse } from './house.ts';

const DOCUMENTS = Number(process.argv[2] ?? 1_200);
const STEP = 100;
/** Lives under way at once. */
const AT_ONCE = 4;
/** Until caches are full and everything is compiled. */
const WARM_UP = 200;

const house = await openHouse();
const { shop, worker } = house;

async function live(): Promise<void> {
  const { document } = (await shop.sell({ autoSend: true }, { prefer: 'wait=60' })).body;
  for (let tries = 0; tries < 600; tries++) {
    if ((await shop.get(`/v1/documents/${document.accessKey}`)).body.document.email.status === 'SENT') return;
    await delay(200);
  }
  throw new Error(`${document.accessKey} is ${document.status} and was not mailed`);
}

function residentMegabytes(): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${worker.pid}/status`, 'utf8'))![1]) / 1024;
}

try {
  const samples: number[] = [];
  for (let done = 0; done < DOCUMENTS; done += STEP) {
    let left = STEP;
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        while (left-- > 0) await live();
      }),
    );
    const megabytes = residentMegabytes();
    console.log(`${done + STEP} documents: ${megabytes.toFixed(0)} MB`);
    if (done + STEP > WARM_UP) samples.push(megabytes);
  }
  const half = Math.floor(samples.length / 2);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [early, late] = [mean(samples.slice(0, half)), mean(samples.slice(half))];
  console.log(`after a warm-up of ${WARM_UP}, second half to first half: ${(late / early).toFixed(3)}`);
} finally {
  await house.close();
}
