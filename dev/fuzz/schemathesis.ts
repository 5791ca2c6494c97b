// Lets schemathesis loose on the service: `node dev/fuzz.ts <path of schemathesis> [its options]`. Starts everything the
// service needs, registers a shop, and tells schemathesis who may call; it fails where schemathesis fails.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openHouse } from '../bench/house.ts';

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

const [given = 'schemathesis', ...options] = process.argv.slice(2);
const program = given.includes('/') ? resolve(given) : given;
const house = await openHouse();
const folder = mkdtempSync(join(tmpdir(), 'comprobante-fuzz-'));
const config = join(folder, 'schemathesis.toml');
const accepted = '"2xx", "3xx", 401, 402, 403, 404, 409, 429, "5xx"';

writeFileSync(
  config,
  `
[auth.openapi.apiKey]
bearer = "${house.shop.apiKey}"

[auth.openapi.adminSecret]
bearer = "${house.adminSecret}"

[parameters]
"header.X-Issuer-Id" = "${house.shop.issuerId}"

[checks.positive_data_acceptance]
expected-statuses = [${accepted}]
${WITH_RULES.map(
  (operation) => `
[[operations]]
include-operation-id = "${operation}"
[operations.checks.positive_data_acceptance]
expected-statuses = [400, ${accepted}]
`,
).join('')}${WITH_TEXT.map(
    (operation) => `
[[operations]]
include-operation-id = "${operation}"
[operations.checks.negative_data_rejection]
expected-statuses = [400, 413, 415, 431, ${accepted}]
`,
  ).join('')}`,
);

/** It has no way of its own to send lines. */
writeFileSync(
  join(folder, 'lines.py'),
  `
import schemathesis

@schemathesis.serializer("application/x-ndjson")
def lines(context, value):
    return value if isinstance(value, bytes) else str(value).encode()
`,
);

/** A description without Idempotency-Key: a repeated key answers with what was made, though it may be gone since. */
async function withoutRepeats(): Promise<string> {
  const description = (await (await fetch(`${house.apiUrl}/openapi.json`)).json()) as {
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

/** In the folder that goes, since it keeps notes; one request at a time, since all share an account. */
function run(description: string, ...filter: string[]): Promise<number> {
  const where = description.startsWith('http') ? [description] : [description, '--url', house.apiUrl];
  const args = ['--config-file', config, 'run', ...where, '--checks', 'all', '--mode', 'all', '--workers', '1'];
  const child = spawn(program, [...args, ...filter, ...options], {
    stdio: 'inherit',
    cwd: folder,
    env: { ...process.env, PYTHONPATH: folder, SCHEMATHESIS_HOOKS: 'lines' },
  });
  return new Promise((end, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => end(code ?? 1));
  });
}

/** What the service took for its own fault, in short. */
function faults(): string[] {
  const lines = house
    .logs()
    .split('\n')
    .filter((line) => /"level":(50|60)/.test(line));
  return lines.map((line) => {
    const { route, msg, error } = JSON.parse(line) as { route?: string; msg: string; error?: { type: string } };
    return [msg, route, error?.type].filter(Boolean).join(' ');
  });
}

try {
  const whole = `${house.apiUrl}/openapi.json`;
  const single = await withoutRepeats();
  const codes: number[] = [];
  for (const filter of ['--exclude-path-regex', '--include-path-regex']) {
    codes.push(await run(whole, '--phases', 'examples,coverage,fuzzing', filter, LAST));
    codes.push(await run(single, '--phases', 'stateful', filter, LAST));
  }
  console.log(`faults in the log: ${[...new Set(faults())].join('; ') || 'none'}`);
  process.exitCode = Math.max(...codes);
} finally {
  await house.close();
  rmSync(folder, { recursive: true, force: true });
}
