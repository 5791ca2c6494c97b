import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RunFile } from '../start/run-file.ts';
import type { AuditPlaces } from './audit.ts';

/** What a run of npm start has to be compared. @param file its run.json */
export function placesOfRun(file: string): AuditPlaces {
  const { databaseUrl, temporalAddress, temporalNamespace, sriControl, mailboxDir } = JSON.parse(
    readFileSync(file, 'utf8'),
  ) as RunFile;
  const webhooksDir = join(dirname(file), 'webhooks');
  return {
    databaseUrl,
    temporal: { address: temporalAddress, namespace: temporalNamespace },
    ...(sriControl === undefined ? {} : { sriControl }),
    ...(mailboxDir === undefined ? {} : { mailboxDir }),
    ...(existsSync(webhooksDir) ? { webhooksDir } : {}),
  };
}
