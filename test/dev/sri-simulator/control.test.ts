import { describe, expect, it } from 'vitest';
import { facturaOf } from '../../domain/sri/signed-factura.ts';
import { useSimulator } from './use-simulator.ts';

const sri = useSimulator();

describe('SRI simulator: control', () => {
  it('is healthy, and lists what reception has seen page by page', async () => {
    expect(await sri.control('GET', '/health')).toEqual({ status: 200, body: { status: 'ok' } });
    const sent = [facturaOf(), facturaOf(), facturaOf()];
    for (const { xml } of sent) await sri.submit(xml);
    const first = await sri.control('GET', '/documents?limit=2');
    expect(first.body['documents']).toHaveLength(2);
    const second = await sri.control('GET', `/documents?limit=2&after=${String(first.body['next'])}`);
    expect(second.body['next']).toBeUndefined();
    const listed = [first, second].flatMap(({ body }) => body['documents']);
    const inProcess = { receptions: 1, acceptedReceptions: 1, state: 'IN_PROCESS' };
    const keys = sent.map(({ accessKey }) => accessKey).toSorted();
    expect(listed).toEqual(keys.map((accessKey) => ({ accessKey, ...inProcess })));
  });

  it('knows nothing of a key that never came', async () => {
    const { accessKey } = facturaOf();
    expect(await sri.tally(accessKey)).toEqual({
      accessKey,
      receptions: 0,
      acceptedReceptions: 0,
      state: 'NONE',
    });
  });

  it.each<[string, unknown]>([
    ['body', 'no json'],
    ['body', []],
    ['service', { fault: 'down' }],
    ['service', { service: 'mail', fault: 'down' }],
    ['fault', { service: 'any', fault: 'explode' }],
    ['fault', { service: 'authorization', fault: 'code', code: '43' }],
    ['code', { service: 'reception', fault: 'code' }],
    ['code', { service: 'reception', fault: 'code', code: '999' }],
    ['code', { service: 'any', fault: 'down', code: '43' }],
    ['ms', { service: 'any', fault: 'hang', ms: 5 }],
    ['times', { service: 'any', fault: 'down', times: 0 }],
    ['times', { service: 'any', fault: 'down', times: '1' }],
    ['forMs', { service: 'any', fault: 'down', forMs: 1.5 }],
    ['accessKey', { service: 'any', fault: 'down', accessKey: '123' }],
    ['tiempo', { service: 'any', fault: 'down', tiempo: 1 }],
  ])('names the field %s of %j', async (field, entry) => {
    const { status, body } = await sri.control('POST', '/faults', entry);
    expect(status).toBe(400);
    expect(body['error']).toMatch(new RegExp(`^${field}: .`));
    expect((await sri.control('GET', '/faults')).body).toEqual({ faults: [] });
  });

  it('refuses a page it cannot give, and what it does not have', async () => {
    expect(await sri.control('GET', '/documents?limit=0')).toMatchObject({
      status: 400,
      body: { error: expect.stringMatching(/^limit: /) as string },
    });
    expect(await sri.control('GET', '/documents/123')).toMatchObject({ status: 404 });
  });
});
