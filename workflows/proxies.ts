import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';

/*
 * One proxy a dependency, each with the patience that dependency deserves. None gives up by itself: what must stop
 * stops by an activity that says so.
 */

/**
 * PostgreSQL and the signature: short, so they run inside the workflow task. There they must end, since a task that is
 * prolonged for them may meet a timer or a message on the way, and then no replay finds the order in which all that
 * came (`TMPRL1100`): the run never goes on. `store.ts` goes on with what does not end in time.
 */
export const storeInside = proxyLocalActivities<Activities>({
  scheduleToCloseTimeout: '3s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2 },
});

/** The same when PostgreSQL is slow, or away. */
export const storeOutside = proxyActivities<Activities>({
  startToCloseTimeout: '10s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '30s' },
});

/** SRI; the delays between attempts come from `domain/model/retry-tables`. */
export const sri = proxyActivities<Activities>({
  taskQueue: 'sri',
  startToCloseTimeout: '75s',
  heartbeatTimeout: '12s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '5m' },
});

/** The watch over an outage: a question takes as long as SRI takes, and thousands may have waited. */
export const outage = proxyActivities<Activities>({
  taskQueue: 'sri',
  startToCloseTimeout: '30m',
  heartbeatTimeout: '12s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
});

/** Chromium. */
export const render = proxyActivities<Activities>({
  taskQueue: 'render',
  startToCloseTimeout: '60s',
  heartbeatTimeout: '12s',
  retry: { initialInterval: '1s', backoffCoefficient: 3, maximumInterval: '10m' },
});

/**
 * A portion of a batch's lines, or of what is sealed under an old key: on a queue of its own, so that what is many keeps
 * nobody's place.
 */
export const bulk = proxyActivities<Activities>({
  taskQueue: 'bulk',
  startToCloseTimeout: '5m',
  heartbeatTimeout: '12s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
});

/** Mail; the delays between attempts come from `domain/model/retry-tables`. */
export const mail = proxyActivities<Activities>({
  taskQueue: 'delivery',
  startToCloseTimeout: '120s',
  heartbeatTimeout: '12s',
  retry: { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '1h' },
});

/** One attempt at a mail that somebody waits for; its result is an answer too. */
export const mailTry = proxyActivities<Activities>({
  taskQueue: 'delivery',
  startToCloseTimeout: '120s',
  scheduleToCloseTimeout: '10m',
  heartbeatTimeout: '12s',
  retry: { initialInterval: '2s', backoffCoefficient: 1 },
});

/** One attempt at a webhook; its answer is a result, and only our own trouble is retried. */
export const webhook = proxyActivities<Activities>({
  taskQueue: 'delivery',
  startToCloseTimeout: '30s',
  heartbeatTimeout: '12s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
});

/** The daily look at certificates; there is a day's time for it. */
export const watch = proxyActivities<Activities>({
  startToCloseTimeout: '5m',
  heartbeatTimeout: '12s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '10m' },
});

/** The sweep that repairs what a crash left; the next one comes when it has ended. */
export const sweep = proxyActivities<Activities>({
  startToCloseTimeout: '100s',
  heartbeatTimeout: '12s',
  retry: { maximumAttempts: 2 },
});
