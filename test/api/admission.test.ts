import { describe, expect, it } from 'vitest';
import { Admission } from '../../api/admission.ts';

const BOUNDS = { working: 2, admitted: 4, bodyBytes: 100 };
const BUSY = { name: 'Problem', code: 'SERVER_BUSY', headers: { 'Retry-After': expect.stringMatching(/^[1-9]$/) } };

function gate() {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

/** A request that is worked on until it is let go. */
function request(admission: Admission, { bytes = 0, closed = Promise.resolve() as Promise<unknown> } = {}) {
  const { opened, open } = gate();
  return { answered: admission.admit(bytes, closed, () => opened), open };
}

const turnOf = () => new Promise((resolve) => setImmediate(resolve));

describe('what a process takes on', () => {
  it('is worked on up to a bound, and the next is refused until one has ended', async () => {
    const admission = new Admission(BOUNDS);
    const [first, second] = [request(admission), request(admission)];
    await expect(request(admission).answered).rejects.toMatchObject(BUSY);
    first.open();
    await first.answered;
    const third = request(admission);
    await expect(request(admission).answered).rejects.toMatchObject(BUSY);
    for (const one of [second, third]) one.open();
    await expect(Promise.all([second.answered, third.answered])).resolves.toBeDefined();
  });

  it('makes room for others while it waits for something outside, up to a bound of its own', async () => {
    const admission = new Admission(BOUNDS);
    const { opened, open } = gate();
    const held = Array.from({ length: 4 }, () =>
      admission.admit(0, Promise.resolve(), () => admission.aside(() => opened)),
    );
    await expect(request(admission).answered).rejects.toMatchObject(BUSY);
    open();
    await Promise.all(held);
    await turnOf();
    const next = request(admission);
    next.open();
    await next.answered;
  });

  it('is not turned away any more when it comes back', async () => {
    const admission = new Admission(BOUNDS);
    const { opened, open } = gate();
    const back = admission.admit(0, Promise.resolve(), async () => {
      await admission.aside(() => opened);
      return 'answered';
    });
    const others = [request(admission), request(admission)];
    open();
    await expect(back).resolves.toBe('answered');
    await expect(request(admission).answered).rejects.toMatchObject(BUSY);
    for (const other of others) other.open();
  });

  it('has bodies of so many bytes together', async () => {
    const admission = new Admission(BOUNDS);
    const first = request(admission, { bytes: 60 });
    await expect(request(admission, { bytes: 41 }).answered).rejects.toMatchObject(BUSY);
    const small = request(admission, { bytes: 40 });
    for (const one of [first, small]) one.open();
    await Promise.all([first.answered, small.answered]);
  });

  it('counts until its answer has gone, and after a failure too', async () => {
    const admission = new Admission({ ...BOUNDS, admitted: 1 });
    const { opened: closed, open: close } = gate();
    const failed = admission.admit(0, closed, () => Promise.reject(new Error('broken')));
    await expect(failed).rejects.toThrow('broken');
    await expect(request(admission).answered).rejects.toMatchObject(BUSY);
    close();
    await turnOf();
    const next = request(admission);
    next.open();
    await next.answered;
  });
});
