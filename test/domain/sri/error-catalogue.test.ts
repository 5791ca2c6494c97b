import { describe, expect, it } from 'vitest';
import type { SriMessage } from '../../../domain/sri/answers.ts';
import { type Action, explain, explanations, receptionVerdict } from '../../../domain/sri/error-catalogue.ts';
import { ERROR_ENTRIES } from '../../../domain/sri/error-entries.ts';

/** Every number of the ficha técnica's table (2.34) and what this service does about it (sri.md §3). */
const ACTIONS: Record<Action, number[]> = {
  BLOCK: [2, 10, 27, 28, 34, 37, 40, 42, 45, 46, 56, 57, 63, 99],
  FIX: [26, 35, 36, 39, 47, 48, 49, 52, 58, 64, 65, 67, 80, 82, 92],
  POLL: [43, 70],
  RETRY: [50],
  WARN: [59, 60, 62, 68, 69],
};
const ALL = Object.entries(ACTIONS).flatMap(([action, numbers]) =>
  numbers.map((number) => [String(number), action] as const),
);

describe('the error catalogue', () => {
  it('has every number and no other', () => {
    expect(Object.keys(ERROR_ENTRIES).toSorted()).toEqual(ALL.map(([number]) => number).toSorted());
  });

  it.each(ALL)('explains %s in both languages and says who acts: %s', (number, action) => {
    const [es, en] = [explain(number, 'es')!, explain(number, 'en')!];
    expect(es).toMatchObject({ identifier: number, action });
    for (const field of ['meaning', 'cause', 'remedy'] as const) {
      expect(es[field]).toMatch(/\S.*\S/);
      expect(en[field]).toMatch(/\S.*\S/);
      expect(es[field]).not.toBe(en[field]);
    }
    expect(['issuer', 'caller', 'sri', 'operator', 'nobody']).toContain(es.actor);
    const { meaning: _, cause: __, remedy: ___, ...facts } = es;
    expect(en).toMatchObject(facts);
  });

  it.each([
    ['rebuild', ['26', '35', '52', '64', '82', '92']],
    ['new-document', ['45', '65']],
    ['wait', ['43', '50', '70']],
    ['contact-sri', ['2', '10', '27', '28', '34', '37', '46', '56', '57', '63']],
    ['renew-certificate', ['40', '42']],
    ['operator', ['36', '39', '47', '48', '49', '58', '67', '80', '99']],
    ['none', ['59', '60', '62', '68', '69']],
  ])('says that %s is next for %j and no other', (next, numbers) => {
    const found = explanations('en').filter((entry) => entry.next === next);
    expect(found.map(({ identifier }) => identifier).toSorted()).toEqual(numbers.toSorted());
  });

  it('knows that a new signature helps only what a document can help', () => {
    const helps = ALL.map(([number]) => number).filter((number) => explain(number, 'en')!.rebuildHelps);
    // A certificate is renewed and the document signed again; a date is part of the key, and a query is no document.
    expect(helps.toSorted()).toEqual(
      ['26', '35', '36', '39', '40', '42', '47', '48', '49', '52', '58', '64', '67', '82', '92'].toSorted(),
    );
  });

  it('reads a number as SRI may write it, and nothing else', () => {
    expect(explain(' 043 ', 'es')?.identifier).toBe('43');
    for (const unknown of ['', '0', '999', 'constructor', '__proto__', '4 3', '-43'])
      expect(explain(unknown, 'es')).toBeUndefined();
  });
});

describe('receptionVerdict', () => {
  const messages = (...identifiers: string[]): SriMessage[] =>
    identifiers.map((identifier) => ({ identifier, message: '', type: 'ERROR' }));
  const VERDICTS: Partial<Record<string, string>> = { 43: 'POLL', 70: 'POLL', 45: 'CONFLICT', 50: 'RETRY' };

  it.each(ALL)('of DEVUELTA with %s alone (%s)', (number) => {
    expect(receptionVerdict({ state: 'DEVUELTA', messages: messages(number) })).toBe(VERDICTS[number] ?? 'RETURNED');
  });

  it.each<[string, string[], string]>([
    ['no message', [], 'RETURNED'],
    ['an unknown number', ['999'], 'RETURNED'],
    ['a message without a number', [''], 'RETURNED'],
    ['a registered key beside a refusal', ['35', '43'], 'POLL'],
    ['a key in process beside a registered sequential', ['45', '70'], 'POLL'],
    ['a registered sequential beside a refusal', ['35', '45'], 'CONFLICT'],
    ['an internal error beside a warning', ['50', '60'], 'RETRY'],
    ['an internal error beside a refusal', ['50', '35'], 'RETURNED'],
    ['an internal error beside an unknown number', ['50', '999'], 'RETURNED'],
    ['a registered sequential with a zero in front', ['045'], 'CONFLICT'],
  ])('of DEVUELTA with %s', (_, identifiers, verdict) => {
    expect(receptionVerdict({ state: 'DEVUELTA', messages: messages(...identifiers) })).toBe(verdict);
  });

  it('of RECIBIDA is RECEIVED, whatever else is said', () => {
    for (const identifiers of [[], ['60'], ['35'], ['43']]) {
      expect(receptionVerdict({ state: 'RECIBIDA', messages: messages(...identifiers) })).toBe('RECEIVED');
    }
  });
});
