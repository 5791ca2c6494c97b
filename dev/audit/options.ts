import { parseArgs } from 'node:util';

export const USAGE = `npm run audit [-- OPTIONS]

Compares what is stored with what happened: numbers, the logs of documents, what SRI's simulator has taken, mails,
webhooks, workflows. Reads only. Ends with 0 when nothing is lost, doubled or stuck, with 1 and a list when something is.

  --run FILE     the run.json of an npm start; .data/run.json unless DATABASE_URL is set
  --minutes N    what has not moved for so long is stuck; 10 unless given
  --json         the findings as JSON, one object
  --help         this text

In production set DATABASE_URL, TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE as the service has them; mails, webhooks and
SRI's side are compared only where this machine keeps them.
`;

export interface AuditOptions {
  run?: string;
  minutes: number;
  json: boolean;
  help: boolean;
}

/** @throws Error with a sentence for anything but the options above. */
export function readAuditOptions(args: readonly string[]): AuditOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      run: { type: 'string' },
      minutes: { type: 'string', default: '10' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const minutes = Number(values.minutes);
  if (!(minutes >= 0 && minutes < 100_000)) throw new Error('--minutes takes a number, such as 10');
  const { run, json, help } = values;
  return { minutes, json, help, ...(run === undefined ? {} : { run }) };
}
