import { DriverException } from '@mikro-orm/postgresql';
import type { Middleware } from 'koa';
import type { Logger } from 'pino';
import { languageOf } from '../language.ts';
import { PROBLEMS, problemBody } from '../problems.ts';
import type { RequestState } from '../serve.ts';
import { problemOf } from '../translate-error.ts';

/** Turns whatever is thrown into `application/problem+json`. */
export function problemAnswers({ publicUrl, log }: { publicUrl: string; log: Logger }): Middleware<RequestState> {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const problem = problemOf(error);
      const { status } = PROBLEMS[problem.code];
      if (status >= 500) {
        const { requestId, route } = ctx.state;
        log.error({ requestId, route, code: problem.code, error: errorFacts(error) }, 'request failed');
      }
      const language = languageOf(ctx);
      ctx.status = status;
      ctx.set({ ...problem.headers, 'Content-Language': language });
      // The path without its query, where a token may be.
      ctx.body = JSON.stringify(problemBody(problem, { publicUrl, instance: ctx.path, language }));
      ctx.type = 'application/problem+json';
    }
  };
}

/** An error for the log. What a database says of one may quote rows, so of it only the kind and the place are kept. */
export function errorFacts(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, stack = '', cause } = error;
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  const quotes = error instanceof DriverException || constraint !== undefined;
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    type: name,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(typeof constraint === 'string' ? { constraint } : {}),
    ...(quotes ? {} : { message: error.message }),
    stack: frames.slice(0, 15).join('\n'),
    ...(cause instanceof Error ? { cause: errorFacts(cause) } : {}),
  };
}
