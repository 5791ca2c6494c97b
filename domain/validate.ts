import type { z } from 'zod';
import type { FieldProblem } from './model/document.ts';

type Issue = z.core.$ZodIssue;
type RawIssue = z.core.$ZodRawIssue;

const SECRETS = new Set(['certPassword', 'token']);
/** A longer value helps nobody. */
const MAX_ECHO = 200;

/** Whether a field's value is never repeated. */
export function isSecret(field: string): boolean {
  return SECRETS.has(field);
}

/** Whole-body rules have no path. */
const GENERAL = 'general';

/** The parsed input, or what is wrong with it, each with its path. */
export function validate<S extends z.ZodType>(
  schema: S,
  input: unknown,
): { data: z.output<S> } | { problems: FieldProblem[] } {
  const result = schema.safeParse(input, { error: sentence });
  return result.success
    ? { data: result.data }
    : { problems: result.error.issues.flatMap((issue) => problemsOf(issue, input)) };
}

function problemsOf(issue: Issue, input: unknown): FieldProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: pathOf([...issue.path, key]),
      message: 'is not a field that is known here',
    }));
  }
  const value = echoOf(issue.path, input);
  return [{ field: pathOf(issue.path), message: issue.message, ...(value === undefined ? {} : { value }) }];
}

/** `['items', 0, 'taxes']` → `items[0].taxes`. */
function pathOf(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? String(part) : `.${String(part)}`;
  }
  return text === '' ? GENERAL : text;
}

/** The value at a path, if it is a plain one and no secret. */
function echoOf(path: readonly PropertyKey[], input: unknown): string | number | boolean | undefined {
  if (path.some((part) => isSecret(String(part)))) return undefined;
  let value: unknown = input;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  if (path.length === 0) return undefined;
  if (typeof value === 'string') return value.slice(0, MAX_ECHO);
  return typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}

/** What a field must be, for whatever a schema does not say in its own words. */
function sentence(issue: RawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is required' : `must be ${kindOf(issue.expected)}`;
    case 'invalid_value':
      if (issue.input === undefined) return 'is required';
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`;
    case 'too_small':
      if (issue.origin === 'string')
        return issue.minimum === 1 ? 'must not be empty' : `must have at least ${issue.minimum} characters`;
      if (issue.origin === 'array')
        return `must have at least ${issue.minimum} ${issue.minimum === 1 ? 'entry' : 'entries'}`;
      return `must be at least ${issue.minimum}`;
    case 'too_big':
      if (issue.origin === 'string') return `must have at most ${issue.maximum} characters`;
      if (issue.origin === 'array') return `must have at most ${issue.maximum} entries`;
      return `must be at most ${issue.maximum}`;
    case 'invalid_format':
      return FORMATS[issue.format] ?? 'does not have the expected form';
    default:
      return 'is not acceptable';
  }
}

const FORMATS: Record<string, string> = {
  email: 'must be an e-mail address',
  uuid: 'must be an id, such as 0192f0c1-2d3e-7f40-8a51-6b7c8d9e0f12',
  url: 'must be a URL',
};

function kindOf(expected: string): string {
  switch (expected) {
    case 'array':
      return 'a list';
    case 'object':
      return 'an object';
    case 'int':
      return 'a whole number';
    default:
      return `a ${expected}`;
  }
}
