import type { ReceptionAnswer } from './answers.ts';
import { ERROR_ENTRIES } from './error-entries.ts';

export type Language = 'es' | 'en';

export type Bilingual = Readonly<Record<Language, string>>;

/** Who can do something about it: the taxpayer, whoever calls the API, SRI, who runs this service, or nobody needs to. */
export type Actor = 'issuer' | 'caller' | 'sri' | 'operator' | 'nobody';

/**
 * `FIX` correct, sign again and send with the same key; `BLOCK` park it until somebody has settled the cause; `POLL` SRI has it,
 * ask for the authorization; `RETRY` passing trouble, send the same bytes again; `WARN` no obstacle to authorization.
 */
export type Action = 'FIX' | 'BLOCK' | 'POLL' | 'RETRY' | 'WARN';

/**
 * What is needed next: `rebuild` the corrected document under its number, a `new-document`, to `wait`, to `contact-sri`
 * about the taxpayer, to `renew-certificate`, or whoever runs this service (`operator`); `none` after a warning.
 */
export const NEXT = [
  'rebuild',
  'new-document',
  'wait',
  'contact-sri',
  'renew-certificate',
  'operator',
  'none',
] as const;

export type Next = (typeof NEXT)[number];

export interface CatalogueEntry {
  meaning: Bilingual;
  cause: Bilingual;
  remedy: Bilingual;
  actor: Actor;
  action: Action;
  next: Next;
  /** Whether rebuilding the document, under the same access key, can change SRI's answer. */
  rebuildHelps: boolean;
}

export interface Explanation {
  identifier: string;
  meaning: string;
  cause: string;
  remedy: string;
  actor: Actor;
  action: Action;
  next: Next;
  rebuildHelps: boolean;
}

/** What a message number of SRI means (ficha técnica 2.34, error table) and asks for; nothing for numbers it does not list. */
export function explain(identifier: string, language: Language): Explanation | undefined {
  const entry = entryOf(identifier);
  if (entry === undefined) return undefined;
  const { meaning, cause, remedy, actor, action, next, rebuildHelps } = entry;
  return {
    identifier: canonical(identifier),
    meaning: meaning[language],
    cause: cause[language],
    remedy: remedy[language],
    actor,
    action,
    next,
    rebuildHelps,
  };
}

/** All that SRI lists, by number. */
export function explanations(language: Language): Explanation[] {
  return Object.keys(ERROR_ENTRIES).map((identifier) => explain(identifier, language)!);
}

/**
 * `RECEIVED` SRI took it; `RETURNED` SRI refused and kept nothing; `POLL` SRI has this key already, ask for the authorization;
 * `CONFLICT` its number is taken, ask SRI by key whether by this very document; `RETRY` SRI stumbled, send the same bytes again.
 */
export type ReceptionVerdict = 'RECEIVED' | 'RETURNED' | 'POLL' | 'CONFLICT' | 'RETRY';

/**
 * What to do after an answer of reception. RECIBIDA is RECEIVED whatever else is said. Of DEVUELTA: 43 and 70 mean that SRI holds
 * the key, so they rule over all else; then 45; then RETRY, only if every message that is no warning says so, for beside a real
 * refusal a retry meets the same refusal. A DEVUELTA with nothing but warnings, or without any message, is RETURNED: SRI keeps no
 * document it returned, polling would wait for ever, and the same bytes would come back again; a person has to look.
 */
export function receptionVerdict(answer: ReceptionAnswer): ReceptionVerdict {
  if (answer.state === 'RECIBIDA') return 'RECEIVED';
  const identifiers = answer.messages.map(({ identifier }) => identifier);
  if (identifiers.some((identifier) => entryOf(identifier)?.action === 'POLL')) return 'POLL';
  if (identifiers.some((identifier) => canonical(identifier) === SEQUENTIAL_REGISTERED)) return 'CONFLICT';
  const actions = identifiers.map((identifier) => entryOf(identifier)?.action).filter((action) => action !== 'WARN');
  return actions.length > 0 && actions.every((action) => action === 'RETRY') ? 'RETRY' : 'RETURNED';
}

const SEQUENTIAL_REGISTERED = '45';

function entryOf(identifier: string): CatalogueEntry | undefined {
  const key = canonical(identifier);
  return Object.hasOwn(ERROR_ENTRIES, key) ? ERROR_ENTRIES[key] : undefined;
}

/** SRI's number without zeros in front: `043` is 43. */
export function canonical(identifier: string): string {
  return identifier.trim().replace(/^0+(?=\d)/, '');
}
