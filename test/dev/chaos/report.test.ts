import { expect, it } from 'vitest';
import { report } from '../../../dev/chaos/report.ts';
import type { Sale } from '../../../dev/chaos/sales.ts';

const late = { askedAt: 50 } as Sale;
const struck = [
  { name: 'kill worker', from: 10, to: 20, met: true },
  { name: 'kill API', from: 60, to: 70, met: true },
  { name: 'kill API', from: 80, to: 90, met: false },
];
const fine = { struck, untried: [], documents: 12, requests: 15, broken: [], deaths: [], grumbles: [] };

it('tells what was tried, survived and lost', () => {
  expect(report(fine)).toBe(`fault        tried  survived  lost
kill API         1         1     0
kill worker      1         1     0
all              2         2     0
Found nothing to strike at: kill API.
12 documents, 15 requests: lost 0, doubled 0, stuck 0.
`);
});

it('puts what is lost to the faults that came after it was asked for', () => {
  const broken = [
    { how: 'lost', subject: 'a', detail: 'd', sale: late },
    { how: 'stuck', subject: 'a', detail: 'e', sale: late },
  ] as const;
  expect(report({ ...fine, broken })).toBe(`fault        tried  survived  lost
kill API         1         0     1
kill worker      1         1     0
all              2         1     1
Found nothing to strike at: kill API.
12 documents, 15 requests: lost 1, doubled 0, stuck 1.
lost: a (d)
stuck: a (e)
`);
});

it('says what was not tried and why, and what ended by itself', () => {
  const more = { untried: [{ name: 'disk full', reason: 'needs root' }], deaths: ['worker (exit code 1)'] };
  expect(report({ ...fine, ...more })).toContain(`disk full        0         0     0
`);
  expect(report({ ...fine, ...more })).toContain(`Not tried: disk full (needs root).
`);
  expect(report({ ...fine, ...more })).toContain(`Ended by themselves, and were started again: worker (exit code 1).
`);
});
