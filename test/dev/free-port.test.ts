import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { freePort, isFree } from '../../dev/free-port.ts';

describe('a free port', () => {
  it('is the preferred one unless somebody listens there', async () => {
    const preferred = await freePort();
    expect(await freePort(preferred)).toBe(preferred);

    const server = createServer().listen(preferred, '127.0.0.1');
    await once(server, 'listening');
    try {
      expect((server.address() as AddressInfo).port).toBe(preferred);
      expect(await isFree(preferred)).toBe(false);
      const other = await freePort(preferred);
      expect(other).not.toBe(preferred);
      expect(await isFree(other)).toBe(true);
    } finally {
      server.close();
    }
  });
});
