import { describe, expect, it } from 'vitest';
import { Turns } from '../../domain/turns.ts';

describe('turns', () => {
  it('come in the order of asking, so many at a time, and those who wait are counted', async () => {
    const turns = new Turns(2);
    const came: string[] = [];
    const asked = ['a', 'b', 'c', 'd'].map((name) => turns.take().then(() => came.push(name)));
    await Promise.all(asked.slice(0, 2));
    expect([came, turns.waiting]).toEqual([['a', 'b'], 2]);
    turns.give();
    await asked[2];
    expect([came, turns.waiting]).toEqual([['a', 'b', 'c'], 1]);
    turns.give();
    await asked[3];
    expect([came, turns.waiting]).toEqual([['a', 'b', 'c', 'd'], 0]);
  });

  it('pass over whoever no longer wants one', async () => {
    const turns = new Turns(1);
    await turns.take();
    const leaving = new AbortController();
    const left = turns.take(leaving.signal);
    const next = turns.take();
    leaving.abort(new Error('no longer wanted'));
    await expect(left).rejects.toThrow('no longer wanted');
    expect(turns.waiting).toBe(1);
    turns.give();
    await next;
    await expect(turns.take(leaving.signal)).rejects.toThrow('no longer wanted');
  });

  it('are not taken from the next one by an abort in the moment that a turn comes', async () => {
    const turns = new Turns(1);
    await turns.take();
    const leaving = new AbortController();
    const first = turns.take(leaving.signal);
    const next = turns.take();
    turns.give();
    leaving.abort(new Error('too late'));
    await first;
    expect(turns.waiting).toBe(1);
    turns.give();
    await next;
  });
});
