// Installs what `npm start` and `npm test` need and this machine lacks, and says why. Plain JavaScript that runs on the
// Node that happens to be there (20 or newer): the right one is among the things it installs. Safe to run again; with
// nothing missing it takes a fraction of a second.
//
//   node dev/setup.mjs          npm packages, the Temporal program, Chromium
//   node dev/setup.mjs --test   also the time-skipping Temporal test server
//   node dev/setup.mjs --production-server   also the Temporal that a deployment runs, for npm run chaos
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from './setup/chromium.mjs';
import { installPackages } from './setup/npm-packages.mjs';
import { builtProductionServer, productionServer } from './setup/production-server.mjs';
import { isProgram, say, SetupError } from './setup/run.mjs';
import { temporalProgram } from './setup/temporal-program.mjs';
import { timeSkippingServer } from './setup/test-server.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const forTests = process.argv.includes('--test');
const forProduction = process.argv.includes('--production-server');

try {
  await installPackages(root);
  checkNode();
  const facts = {
    // Whoever brings a Temporal of their own needs no program of ours, but the tests do.
    temporalCli: forTests || !process.env.TEMPORAL_ADDRESS ? await temporalProgram() : undefined,
    chromium: await chromium(root),
    ...(forTests ? { timeSkippingServer: await timeSkippingServer() } : {}),
    productionServer: forProduction ? await productionServer() : builtProductionServer(),
  };
  // dev/setup-facts.ts reads it.
  const file = join(root, 'node_modules/.cache/comprobante/setup.json');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(facts, undefined, 2)}\n`);
} catch (error) {
  say(error instanceof SetupError ? error.message : error.stack);
  process.exit(1);
}

/** On Linux with x64 Node 24 comes from npm; elsewhere the machine's own must be new enough. */
function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const isRight = major > 22 ? major < 26 : major === 22 && minor >= 19;
  if (isRight || isProgram(join(root, 'node_modules/.bin/node'))) return;
  throw new SetupError(
    `Node ${process.versions.node} cannot run this: install Node 24 (https://nodejs.org) and try again.`,
  );
}
