// `npm run audit`: is anything lost, doubled or stuck? `--help` tells the rest.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Finding } from '../domain/admin/integrity.ts';
import { type AuditPlaces, findingsIn } from './audit/audit.ts';
import { readAuditOptions, USAGE } from './audit/options.ts';
import { placesOfRun } from './audit/places.ts';

const RUN_FILE = fileURLToPath(new URL('../.data/run.json', import.meta.url));

process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const { run, minutes, json, help } = readAuditOptions(process.argv.slice(2));
    if (help) {
      process.stdout.write(USAGE);
      return 0;
    }
    const findings = await findingsIn(placesOf(run), new Date(Date.now() - minutes * 60_000));
    process.stdout.write(json ? `${JSON.stringify({ findings })}\n` : report(findings));
    return findings.length === 0 ? 0 : 1;
  } catch (error) {
    process.stderr.write(`audit: ${(error as Error).message}\n`);
    return 2;
  }
}

function placesOf(run: string | undefined): AuditPlaces {
  const { DATABASE_URL, TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE = 'default' } = process.env;
  if (run === undefined && DATABASE_URL !== undefined) {
    const temporal = TEMPORAL_ADDRESS && { address: TEMPORAL_ADDRESS, namespace: TEMPORAL_NAMESPACE };
    return { databaseUrl: DATABASE_URL, ...(temporal ? { temporal } : {}) };
  }
  const file = run ?? RUN_FILE;
  if (!existsSync(file)) throw new Error(`there is no ${file}: run npm start, or set DATABASE_URL`);
  return placesOfRun(file);
}

function report(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'Nothing is lost, doubled or stuck.\n';
  const lines = findings.map(({ check, subject, detail }) => `${check}: ${subject} (${detail})`);
  return `${lines.join('\n')}\n${findings.length} findings.\n`;
}
