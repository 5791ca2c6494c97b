import { describe, expect, it } from 'vitest';
import { waitFor } from '../../../dev/start/patience.ts';

const { signal } = new AbortController();

describe('waiting', () => {
  it('ends with the first answer', async () => {
    let asked = 0;
    const answer = await waitFor(() => (++asked === 3 ? 'here' : undefined), { what: 'it', seconds: 10, signal });
    expect([answer, asked]).toEqual(['here', 3]);
  });

  it('ends when the time is over, when it is no use, and when everything stops', async () => {
    const never = () => undefined;
    await expect(waitFor(never, { what: 'the mail', seconds: 0, signal })).rejects.toThrow('the mail');
    const hopeless = () => 'it is RETURNED';
    await expect(waitFor(never, { what: 'it', seconds: 10, signal, hopeless })).rejects.toThrow('it is RETURNED');
    const stop = new AbortController();
    const waiting = waitFor(never, { what: 'it', seconds: 10, signal: stop.signal });
    stop.abort();
    await expect(waiting).rejects.toThrow();
  });
});
