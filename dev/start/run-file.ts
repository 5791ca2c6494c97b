import { relative } from 'node:path';
import { writePrivately } from './private-file.ts';

/** What `npm start` tells programs, in `.data/run.json`; keys and secrets included, so only its owner may read it. */
export interface RunFile {
  /** Base address of the HTTP API, and of its description. */
  api: string;
  docs: string;
  /** Not known when TEMPORAL_ADDRESS names a server. */
  temporalUi?: string | undefined;
  temporalAddress: string;
  temporalNamespace: string;
  temporalCli?: string | undefined;
  databaseUrl: string;
  /** Where the SRI simulator takes faults; there is none when the environment names an SRI. */
  sriControl?: string | undefined;
  /** There is none when SMTP_URL names a server. */
  mailboxDir?: string | undefined;
  adminSecret: string;
  /** There once the demonstration has succeeded. */
  demo?: DemoResult;
}

export interface DemoResult {
  apiKey: string;
  issuerId: string;
  accessKey: string;
  ridePath: string;
  xmlPath: string;
}

export function writeRunFile(file: string, run: RunFile): void {
  writePrivately(file, `${JSON.stringify(run, undefined, 2)}\n`);
}

/** The same for people; file names are told from `cwd`. */
export function describeRun(
  run: RunFile,
  places: { logs: string; webhooks: string; run: string },
  cwd: string,
): string {
  const here = (path: string) => relative(cwd, path) || '.';
  const rows: [string, string | undefined][] = [
    ['API', run.api],
    ['Documentation', run.docs],
    ['Admin secret', run.adminSecret],
    ['Temporal UI', run.temporalUi],
    ['Temporal', `${run.temporalAddress}, namespace ${run.temporalNamespace}`],
    ['PostgreSQL', run.databaseUrl],
    ['SRI simulator', run.sriControl && `${run.sriControl} (control)`],
    ['Mails', run.mailboxDir && here(run.mailboxDir)],
    ['Webhooks', here(places.webhooks)],
    ['Logs', here(places.logs)],
    ['All of this', here(places.run)],
  ];
  return `\nComprobante is up.\n\n${table(rows)}${run.demo === undefined ? '' : describeDemo(run, run.demo, here)}`;
}

function describeDemo(
  { api, temporalUi, temporalNamespace }: RunFile,
  demo: DemoResult,
  here: (path: string) => string,
) {
  const rows: [string, string | undefined][] = [
    ['Access key', demo.accessKey],
    ['RIDE', here(demo.ridePath)],
    ['XML', here(demo.xmlPath)],
    ['Its workflow', temporalUi && `${temporalUi}/namespaces/${temporalNamespace}/workflows/${demo.accessKey}`],
    ['API key', demo.apiKey],
    ['Issuer', demo.issuerId],
  ];
  return `
The demonstration's invoice is authorized, printed and mailed, and its webhook was accepted.

${table(rows)}
Issue another:

${curl(api, demo)}
`;
}

/** Each use is a sale of its own: its idempotency key is the time. */
function curl(api: string, { apiKey, issuerId }: DemoResult): string {
  return `curl -sS ${api}/v1/documents \\
  -H 'Authorization: Bearer ${apiKey}' -H 'X-Issuer-Id: ${issuerId}' \\
  -H 'Content-Type: application/json' -H "Idempotency-Key: till-7-$(date +%s)" \\
  -d '{
    "documentType": "01", "autoSend": true,
    "buyer": {"idType": "05", "id": "1710034065", "name": "Juan Pérez", "email": "juan@example.com"},
    "items": [{"mainCode": "CAFE", "description": "Café 500 g", "quantity": "2", "unitPrice": "4.50",
               "taxes": [{"code": "2", "rateCode": "4", "rate": "15"}]}],
    "payments": [{"method": "01", "total": "10.35"}]
  }'`;
}

function table(rows: [string, string | undefined][]): string {
  const shown = rows.filter(([, value]) => value !== undefined);
  const width = Math.max(...shown.map(([name]) => name.length));
  return shown.map(([name, value]) => `  ${name.padEnd(width)}  ${value}\n`).join('');
}
