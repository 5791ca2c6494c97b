import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type BenchHouse, openHouse } from '../../bench/house.ts';
import { faultsIn } from './faults.ts';

/** What takes the account away from under the others is left to the end. */
const LAST = '^/v1/admin/|/promote$';

/** Operations with rules that a JSON Schema cannot say: what it takes for valid they may refuse with 400. */
const WITH_RULES = [
  'adminCreateIssuer',
  'adminCreateTenant',
  'adminPromoteTenant',
  'authorizeDocument',
  'changeWebhook',
  'consumeVerificationToken',
  'createBatch',
  'createDocument',
  'createIssuer',
  'createWebhook',
  'disableIssuerDocumentType',
  'documentStats',
  'enableIssuerDocumentType',
  'getRide',
  'getXml',
  'listDocuments',
  'listNotifications',
  'promoteTenant',
  'raiseIssuerSequential',
  'rebuildDocument',
  'register',
  'renewIssuerCertificate',
  'replayWebhookWindow',
  'resendVerification',
  'retryEmail',
  'revokeKey',
  'sendDocument',
  'updateIssuerLogo',
  'validateDocument',
  'verifyEmail',
];

/** Operations that take any text, as a part of a form or as lines, so that none can be of the wrong type. */
const WITH_TEXT = ['createBatch', 'inspectCertificate'];

const ACCEPTED = '"2xx", "3xx", 401, 402, 403, 404, 409, 429, "5xx"';

/** It has no way of its own to send lines. */
const HOOKS = `
import schemathesis

@schemathesis.serializer("application/x-ndjson")
def lines(context, value):
    return value if isinstance(value, bytes) else str(value).encode()
`;

/**
 * Lets schemathesis loose on the service: starts everything that needs, registers a shop, and tells schemathesis who may
 * call.
 * @param given its name or path @param options its own @returns its exit code
 */
export async function runSchemathesis(given: string, options: readonly string[]): Promise<number> {
  const program = given.includes('/') ? resolve(given) : given;
  const house = await openHouse();
  const folder = mkdtempSync(join(tmpdir(), 'comprobante-fuzz-'));
  try {
    writeFileSync(join(folder, 'schemathesis.toml'), settingsFor(house));
    writeFileSync(join(folder, 'lines.py'), HOOKS);
    const whole = [`${house.apiUrl}/openapi.json`];
    const single = [await withoutRepeats(house.apiUrl, folder), '--url', house.apiUrl];
    const codes: number[] = [];
    for (const filter of ['--exclude-path-regex', '--include-path-regex']) {
      codes.push(await run([...whole, '--phases', 'examples,coverage,fuzzing', filter, LAST]));
      codes.push(await run([...single, '--phases', 'stateful', filter, LAST]));
    }
    console.log(`faults in the log: ${faultsIn(house.logs()).join('; ') || 'none'}`);
    return Math.max(...codes);
  } finally {
    await house.close();
    rmSync(folder, { recursive: true, force: true });
  }

  /** In the folder that goes, since it keeps notes; one request at a time, since all share an account. */
  function run(what: readonly string[]): Promise<number> {
    const args = ['--config-file', 'schemathesis.toml', 'run', ...what, '--checks', 'all', '--mode', 'all'];
    const child = spawn(program, [...args, '--workers', '1', ...options], {
      stdio: 'inherit',
      cwd: folder,
      env: { ...process.env, PYTHONPATH: folder, SCHEMATHESIS_HOOKS: 'lines' },
    });
    return new Promise((end, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => end(code ?? 1));
    });
  }
}

function settingsFor({ shop, adminSecret }: BenchHouse): string {
  return `
[auth.openapi.apiKey]
bearer = "${shop.apiKey}"

[auth.openapi.adminSecret]
bearer = "${adminSecret}"

[parameters]
"header.X-Issuer-Id" = "${shop.issuerId}"

[checks.positive_data_acceptance]
expected-statuses = [${ACCEPTED}]
${WITH_RULES.map(
  (operation) => `
[[operations]]
include-operation-id = "${operation}"
[operations.checks.positive_data_acceptance]
expected-statuses = [400, ${ACCEPTED}]
`,
).join('')}${WITH_TEXT.map(
    (operation) => `
[[operations]]
include-operation-id = "${operation}"
[operations.checks.negative_data_rejection]
expected-statuses = [400, 413, 415, 431, ${ACCEPTED}]
`,
  ).join('')}`;
}

/** A description without Idempotency-Key: a repeated key answers with what was made, though it may be gone since. */
async function withoutRepeats(apiUrl: string, folder: string): Promise<string> {
  const description = (await (await fetch(`${apiUrl}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { parameters?: { name: string }[] }>>;
  };
  for (const operation of Object.values(description.paths).flatMap((path) => Object.values(path))) {
    if (operation.parameters === undefined) continue;
    operation.parameters = operation.parameters.filter(({ name }) => name !== 'Idempotency-Key');
  }
  const file = join(folder, 'openapi.json');
  writeFileSync(file, JSON.stringify(description));
  return file;
}
