import { readFileSync, writeFileSync } from 'node:fs';
import { openApiDocument } from '../api/openapi.ts';
import { routes } from '../api/routes.ts';
import { type Document, generateClient } from './generate-client.ts';

/*
 * Holds `openapi.json` against the route table, and the client of our tests against `openapi.json`, so that a change of
 * the API shows in the diff of whoever made it. `node dev/check-openapi.ts --write` writes both anew.
 */

const text = `${JSON.stringify(openApiDocument(routes), null, 2)}\n`;
const files = {
  'openapi.json': text,
  'test/support/api-client.ts': await generateClient(JSON.parse(text) as Document, './api-call.ts'),
};

for (const [name, current] of Object.entries(files)) {
  const file = new URL(`../${name}`, import.meta.url);
  if (process.argv.includes('--write')) {
    writeFileSync(file, current);
  } else if (committed(file) !== current) {
    console.error(
      `${name} is not what the routes say. Write it anew with \`node dev/check-openapi.ts --write\` and commit it.`,
    );
    process.exitCode = 1;
  }
}

function committed(file: URL): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
