import { z } from 'zod';

const DEFAULT_SECONDS = 15;
const MAX_SECONDS = 60;

export interface PreferredWait {
  /** Milliseconds to hold the request. */
  waitMs: number;
  /** Headers that say what was made of the wish. */
  applied: Record<string, string>;
}

/** How long the caller wants to be held (RFC 7240 §4.3); a wish that makes no sense is no wish. */
export function preferredWait(header: string | undefined): PreferredWait {
  const wished = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:[,;]|$)/i.exec(header ?? '')?.[1];
  if (wished === undefined) return { waitMs: DEFAULT_SECONDS * 1_000, applied: {} };
  const seconds = Math.min(Number(wished), MAX_SECONDS);
  return { waitMs: seconds * 1_000, applied: { 'Preference-Applied': `wait=${seconds}` } };
}

/** `Prefer` as a header of an operation. */
export const preferHeader = z
  .string()
  .optional()
  .transform(preferredWait)
  .meta({
    description: `\`wait=N\`: hold the request up to N seconds (0 to ${MAX_SECONDS}, default ${DEFAULT_SECONDS}) for the outcome. \`Preference-Applied\` tells what was applied.`,
    example: 'wait=15',
  });
