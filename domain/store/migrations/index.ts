import { FirstSchema } from './2026-11-25-first-schema.ts';

/** Every migration, oldest first. A released one is never edited. */
export const migrations = [{ name: '2026-11-25-first-schema', class: FirstSchema }];
