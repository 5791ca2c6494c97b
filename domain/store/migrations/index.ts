import { EventPositions } from './2026-11-25-event-positions.ts';
import { FirstSchema } from './2026-11-25-first-schema.ts';
import { OpenWork } from './2026-11-25-open-work.ts';
import { SriOutages } from './2026-11-25-sri-outages.ts';
import { KeyScopes } from './2026-11-25-key-scopes.ts';
import { SealedMails } from './2026-11-25-sealed-mails.ts';

/**
 * Every migration, oldest first. A released one is never edited, and each only expands what the release before works on:
 * during an upgrade that one serves on the new schema. One that takes away what is not used any more says in a field
 * `lastUsedBy` which release was the last to use it, an earlier one than the last.
 */
export const migrations = [
  { name: '2026-11-25-first-schema', class: FirstSchema },
  { name: '2026-11-25-sri-outages', class: SriOutages },
  { name: '2026-11-25-key-scopes', class: KeyScopes },
  { name: '2026-11-25-sealed-mails', class: SealedMails },
  { name: '2026-11-25-event-positions', class: EventPositions },
  { name: '2026-11-25-open-work', class: OpenWork },
];
