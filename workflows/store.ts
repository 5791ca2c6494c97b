import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';
import { storeInside, storeOutside } from './proxies.ts';

/** What needs PostgreSQL alone: done inside the workflow task, or outside of it when that takes too long. */
export const store = {
  openDocument: step(storeInside.openDocument, storeOutside.openDocument),
  effectsDue: step(storeInside.effectsDue, storeOutside.effectsDue),
  promoteTenant: step(storeInside.promoteTenant, storeOutside.promoteTenant),
};

type Work<Args extends unknown[], Result> = (...args: Args) => Promise<Result>;

/** @throws ApplicationFailure, when the activity refuses for good */
function step<Args extends unknown[], Result>(
  inside: Work<Args, Result>,
  outside: Work<Args, Result>,
): Work<Args, Result> {
  return async (...args) => {
    try {
      return await inside(...args);
    } catch (error) {
      if (isRefusal(error) || isCancellation(error)) throw error;
    }
    try {
      return await outside(...args);
    } catch (error) {
      throw error instanceof ActivityFailure && isRefusal(error.cause) ? error.cause : error;
    }
  };
}

function isRefusal(error: unknown): boolean {
  return error instanceof ApplicationFailure && error.nonRetryable === true;
}
