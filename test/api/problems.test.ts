import { ConnectionException } from '@mikro-orm/postgresql';
import { describe, expect, it } from 'vitest';
import { ProcessUnavailable } from '../../api/document-process.ts';
import { errorFacts } from '../../api/middleware/problem-answers.ts';
import { Problem, problemBody, type ProblemCode, PROBLEMS } from '../../api/problems.ts';
import { problemOf, problemOfBody } from '../../api/translate-error.ts';
import { Refusal } from '../../domain/refusal.ts';

const place = { publicUrl: 'https://api.example.com', instance: '/v1/documents', language: 'en' } as const;

describe('problems', () => {
  it('have a type that leads to the docs, and what a program needs', () => {
    expect(problemBody(new Problem('NOT_FOUND', { detail: 'There is nothing at this path.' }), place)).toEqual({
      type: 'https://api.example.com/problems/not-found',
      title: 'Not found',
      status: 404,
      code: 'NOT_FOUND',
      detail: 'There is nothing at this path.',
      instance: '/v1/documents',
    });
  });

  it('name each field by its path, and by the path without indices', () => {
    const problem = new Problem('VALIDATION_FAILED', {
      problems: [
        { field: 'items[0].taxes[1].code', message: 'is there twice in this line', value: '2' },
        { field: 'general', message: 'is not acceptable' },
      ],
    });
    expect(problemBody(problem, place).errors).toEqual([
      { field: 'items[0].taxes[1].code', message: 'is there twice in this line', code: 'items.taxes.code', value: '2' },
      { field: 'general', message: 'is not acceptable', code: 'general' },
    ]);
  });

  it('tell people in Spanish who want it, and programs the same', () => {
    const problems = [{ field: 'ruc', message: 'must be 13 digits' }];
    const problem = new Problem('VALIDATION_FAILED', { detail: 'One field is not acceptable.', problems });
    expect(problemBody(problem, { ...place, language: 'es' })).toMatchObject({
      title: 'La validación falló',
      detail: 'Un campo no es válido.',
      code: 'VALIDATION_FAILED',
      errors: [{ field: 'ruc', message: 'must be 13 digits' }],
    });
    for (const { title, titleEs } of Object.values(PROBLEMS)) expect(titleEs).not.toBe(title);
  });

  it('share a type only where they share a status', () => {
    const statuses = new Map<string, Set<number>>();
    for (const { slug, status } of Object.values(PROBLEMS))
      statuses.set(slug, (statuses.get(slug) ?? new Set()).add(status));
    expect([...statuses].filter(([, seen]) => seen.size !== 1)).toEqual([]);
  });

  it.each<[unknown, ProblemCode]>([
    [new Refusal('QUOTA_EXCEEDED', 'used up'), 'QUOTA_EXCEEDED'],
    [new ProcessUnavailable('gone'), 'SERVICE_UNAVAILABLE'],
    [new ConnectionException(new Error('gone')), 'SERVICE_UNAVAILABLE'],
    [Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), 'SERVICE_UNAVAILABLE'],
    // Found by npm run chaos: a full disk was our own fault.
    [Object.assign(new Error('could not extend file'), { code: '53100' }), 'SERVICE_UNAVAILABLE'],
    [Object.assign(new Error('idle-in-transaction timeout'), { code: '25P03' }), 'SERVICE_UNAVAILABLE'],
    [Object.assign(new Error('of another service'), { status: 404 }), 'INTERNAL_ERROR'],
    [Object.assign(new Error('of another service'), { statusCode: 422, expose: true }), 'INTERNAL_ERROR'],
    [new TypeError('a bug'), 'INTERNAL_ERROR'],
    ['a string', 'INTERNAL_ERROR'],
  ])('come from what is ours alone: %s → %s', (error, code) => {
    expect(problemOf(error).code).toBe(code);
  });

  it('keep what the business said of the fields', () => {
    const problem = problemOf(
      new Refusal('CERTIFICATE_EXPIRED', 'It expired.', [{ field: 'cert', message: 'It expired.' }]),
    );
    expect(problem).toMatchObject({
      code: 'CERTIFICATE_EXPIRED',
      detail: 'It expired.',
      problems: [{ field: 'cert' }],
    });
  });

  it('tell nothing of an internal error', () => {
    const body = problemBody(problemOf(new Error('password=hunter2')), place);
    expect(body).not.toHaveProperty('detail');
    expect(JSON.stringify(body)).not.toContain('hunter2');
  });

  it('never quote a body that cannot be read', () => {
    const error = Object.assign(new SyntaxError('Unexpected token s in JSON: secret'), {
      status: 400,
      body: '{secret',
    });
    const problem = problemOfBody(error);
    expect(problem.code).toBe('BAD_REQUEST');
    expect(JSON.stringify(problemBody(problem, place))).not.toContain('secret');
  });
});

describe('an error in the log', () => {
  it('keeps message, frames and cause', () => {
    const facts = errorFacts(new Error('outer', { cause: new Error('inner') }));
    expect(facts).toMatchObject({ type: 'Error', message: 'outer', cause: { message: 'inner' } });
    expect(facts['stack']).toMatch(/^\s+at /);
  });

  it('keeps nothing of the rows that a database quotes', () => {
    const told = Object.assign(new Error('duplicate key (email)=(juan@example.com)'), {
      code: '23505',
      constraint: 'tenants_email_unique',
      detail: 'Key (email)=(juan@example.com) already exists.',
    });
    const facts = errorFacts(new ConnectionException(told));
    expect(JSON.stringify([facts, errorFacts(told)])).not.toContain('juan');
    expect(errorFacts(told)).toMatchObject({ code: '23505', constraint: 'tenants_email_unique' });
  });
});
