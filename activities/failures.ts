import { ApplicationFailure, CancelledFailure, CompleteAsyncError } from '@temporalio/activity';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';

/**
 * What an activity did not expect becomes a failure that tells its kind and place, and nothing else: the message of a
 * database error quotes the statement with its values, and Temporal keeps and shows failures to whoever may look.
 */
export const failures: ActivityInterceptorsFactory = () => ({
  inbound: {
    async execute(input, next) {
      try {
        return await next(input);
      } catch (error) {
        throw isForHistory(error) ? error : unexpected(error);
      }
    },
  },
});

function isForHistory(error: unknown): boolean {
  return (
    error instanceof ApplicationFailure ||
    error instanceof CancelledFailure ||
    error instanceof CompleteAsyncError ||
    isAbort(error)
  );
}

/** What a cancelled signal makes of a call in progress; the SDK knows it for a cancellation. */
function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

function unexpected(error: unknown): ApplicationFailure {
  if (!(error instanceof Error))
    return ApplicationFailure.retryable('an activity threw what is no error', 'Unexpected');
  const { code } = error as { code?: unknown };
  const failure = ApplicationFailure.retryable(
    typeof code === 'string' && /^\w{1,40}$/.test(code) ? `${error.name} ${code}` : error.name,
    error.name,
  );
  // The lines of a stack that name places; the first ones repeat the message.
  failure.stack = [failure.message, ...(error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line))].join(
    '\n',
  );
  return failure;
}
