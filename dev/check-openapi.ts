import { readFileSync, writeFileSync } from 'node:fs';
import { openApiDocument } from '../api/openapi.ts';
import { routes } from '../api/routes.ts';

/*
 * Holds `openapi.json` against the route table, so that a change of the API shows in the diff of whoever made it.
 * `node dev/check-openapi.ts --write` writes it anew.
 */

const file = new URL('../openapi.json', import.meta.url);
const current = `${JSON.stringify(openApiDocument(routes), null, 2)}\n`;

if (process.argv.includes('--write')) {
  writeFileSync(file, current);
} else if (committed() !== current) {
  console.error(
    'openapi.json is not what the routes say. Write it anew with `node dev/check-openapi.ts --write` and commit it.',
  );
  process.exitCode = 1;
}

function committed(): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
