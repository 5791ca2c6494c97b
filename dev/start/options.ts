export const USAGE = `npm start [-- --once]

Starts Comprobante with everything it needs, issues one invoice to show that it works, and stays up until Ctrl-C.
The state is in .data: the next start goes on where this one stopped. Remove that folder to begin anew.

  --once    end after the demonstration: with 0 if it succeeded; its last line on standard output is JSON
  --help    this text

Settings come from the environment (README.md lists them). What is named there is used instead of an embedded one:
DATABASE_URL, TEMPORAL_ADDRESS, SMTP_URL, SRI_TEST_URL with SRI_PRODUCTION_URL. PORT is the API's, 3000 by default.
`;

export interface StartOptions {
  once: boolean;
  help: boolean;
}

/** The person asked for something that does not exist; the message says what does. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws UsageError for anything but the options above. */
export function readOptions(args: readonly string[]): StartOptions {
  const options = { once: false, help: false };
  for (const arg of args) {
    if (arg === '--once') options.once = true;
    else if (arg === '--help' || arg === '-h') options.help = true;
    else
      throw new UsageError(
        `npm start knows no '${arg}', only --once and --help, after two dashes: npm start -- --once`,
      );
  }
  return options;
}
