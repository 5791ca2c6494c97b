import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export const USAGE = `npm start [-- OPTIONS]

Starts Comprobante with everything it needs, issues one invoice to show that it works, and stays up until Ctrl-C.
The state is in .data: the next start goes on where this one stopped. Remove that folder to begin anew.

  --once      end after the demonstration: with 0 if it succeeded; its last line on standard output is JSON
  --data DIR  keep the state, the logs and everything else there, in place of .data: each folder is a service of its own
  --help      this text

Settings come from the environment (README.md lists them). What is named there is used instead of an embedded one:
DATABASE_URL, TEMPORAL_ADDRESS, SMTP_URL, SRI_TEST_URL with SRI_PRODUCTION_URL. PORT is the API's, 3000 by default;
0 takes any free one.
`;

export interface StartOptions {
  once: boolean;
  help: boolean;
  /** Absolute path of the folder that takes the place of `.data`. */
  data?: string;
}

/** The person asked for something that does not exist; the message says what does. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws UsageError for anything but the options above. */
export function readOptions(args: readonly string[]): StartOptions {
  const { once, help, data } = parse(args);
  if (data === '') throw new UsageError('--data takes the name of a folder: npm start -- --data DIR');
  return { once, help, ...(data === undefined ? {} : { data: resolve(data) }) };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        once: { type: 'boolean', default: false },
        data: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch {
    throw new UsageError(
      `npm start knows only --once, --data DIR and --help, after two dashes: npm start -- --once. It was given: ${args.join(' ')}`,
    );
  }
}
