const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Standard Webhooks 1.0.0, "Retry schedule": a little over three days. */
const WEBHOOK = [
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

/** Most documents are decided within three seconds, some take SRI's full 24 hours (ficha técnica 2.34, §"Flujo"). */
const POLL = [1, 1, 2, 3, 5, 10, 15, 30, 60, 60, 120, 120, 180, 300].map((seconds) => seconds * SECOND);

/** Dense at first, since most troubles pass at once (0.8 % of calls fail and succeed when repeated); then SRI is down. */
const SRI_DOWN = [1, 2, 5, 10, 20, 30, 60, 120, 300].map((seconds) => seconds * SECOND);

/** Dense at first, since most outages are short; every five minutes after one has lasted for three hours. */
const OUTAGE_PROBE = [2, 3, 5, 5, 10, 10, 15, 15, many(10, 30), many(20, 60), many(80, 120), 300]
  .flat()
  .map((seconds) => seconds * SECOND);

/** SRI has 24 hours to decide (ficha técnica 2.34, §"Flujo"); what is undecided then, it may not have. */
const DECISION = 24 * HOUR;

/** Waits that add up to this are an outage, and news. */
const LONG_SILENCE = 4 * MINUTE;

/** RFC 5321 §4.5.4.1 asks for four to five days; a buyer who waits is better told by then in another way. */
const MAIL = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
  12 * HOUR,
  24 * HOUR,
  24 * HOUR,
];

function many(times: number, seconds: number): number[] {
  return Array<number>(times).fill(seconds);
}

/** Milliseconds before attempt `attempt` (from 1), ±10 % by `random` in [0, 1); undefined: give up. */
export function webhookDelayMs(attempt: number, random: number): number | undefined {
  const delay = WEBHOOK[attempt - 1];
  return delay === undefined ? undefined : Math.round(delay * (0.9 + 0.2 * random));
}

/** Milliseconds after the `attempt`-th time (from 1) that another webhook of the same document had to go first. */
export function earlierWebhookDelayMs(attempt: number): number {
  return Math.min(250 * 2 ** Math.min(attempt - 1, 10), 10 * SECOND);
}

/** Milliseconds after the `attempt`-th question (from 1) that SRI had no answer to. */
export function authorizationPollDelayMs(attempt: number): number {
  return POLL[attempt - 1] ?? POLL.at(-1)!;
}

/** Whether SRI should have decided by `now` of what it has since `receivedAt`. */
export function isLongUndecided(receivedAt: Date, now: Date): boolean {
  return now.getTime() - receivedAt.getTime() > DECISION;
}

/** Milliseconds after the `attempt`-th failure (from 1) to reach SRI. */
export function sriUnavailableDelayMs(attempt: number): number {
  return SRI_DOWN[attempt - 1] ?? SRI_DOWN.at(-1)!;
}

/** Milliseconds after the `attempt`-th question (from 1) whether an outage is over. */
export function outageProbeDelayMs(attempt: number): number {
  return OUTAGE_PROBE[attempt - 1] ?? OUTAGE_PROBE.at(-1)!;
}

/** Whether SRI has been silent for minutes by the `attempt`-th failure (from 1) that was waited for by `delayMs`. */
export function isLongSilence(attempt: number, delayMs: (attempt: number) => number): boolean {
  let waited = 0;
  for (let n = 1; n < attempt && waited < LONG_SILENCE; n++) waited += delayMs(n);
  return waited >= LONG_SILENCE;
}

/** Milliseconds after the `attempt`-th failed mail (from 1); undefined: give up. */
export function mailDelayMs(attempt: number): number | undefined {
  return MAIL[attempt - 1];
}
