import { setTimeout as delay } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { afterEach, expect, inject, it } from 'vitest';
import { type Line, openLine } from '../../dev/chaos/line.ts';
import { endSilentConnections } from '../../domain/temporal-connection.ts';

let line: Line;
let connection: Connection;

afterEach(async () => {
  await connection.close();
  line.close();
});

async function connect(): Promise<void> {
  line = await openLine(Number(inject('servers').temporalAddress.split(':')[1]));
  const address = `127.0.0.1:${line.port}`;
  endSilentConnections(address, 1_000);
  connection = Connection.lazy({ address });
}

const answers = () =>
  connection
    .withDeadline(Date.now() + 1_000, () => connection.workflowService.getSystemInfo({}))
    .then(
      () => true,
      () => false,
    );

// Found by npm run chaos: the API was without Temporal until it was restarted.
it('a connection to Temporal that was taken and never answered is given up, and another made', async () => {
  await connect();
  line.trouble('half-open');
  expect(await answers()).toBe(false);
  expect(line.met()).toBeGreaterThan(0);
  line.heal();
  await expect.poll(answers, { timeout: 30_000 }).toBe(true);
});

it('a connection to Temporal that is heard stays', async () => {
  await connect();
  expect(await answers()).toBe(true);
  line.trouble('slow', 1);
  const connections = line.met();
  for (let asked = 0; asked < 8; asked++) {
    await delay(400);
    expect(await answers()).toBe(true);
  }
  expect(line.met()).toBe(connections);
});
