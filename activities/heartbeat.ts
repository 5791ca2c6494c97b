import { Context } from '@temporalio/activity';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';

const EVERY_MS = 3_000;

/**
 * Heartbeats for every activity that has a heartbeat timeout: a worker that dies is noticed in seconds, not after the
 * whole start-to-close timeout, and a cancellation reaches the activity's signal.
 */
export const heartbeats: ActivityInterceptorsFactory = () => ({
  inbound: {
    async execute(input, next) {
      const context = Context.current();
      if (!context.info.heartbeatTimeoutMs) return next(input);
      const timer = setInterval(() => context.heartbeat(), EVERY_MS);
      try {
        return await next(input);
      } finally {
        clearInterval(timer);
      }
    },
  },
});
