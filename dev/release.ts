// Makes the version of package.json a release: keeps the source of a commit (HEAD unless another is named), in the place
// of the release before, for the next version's test of an upgrade, and the histories that were recorded since as this
// version's own.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import packageJson from '../package.json' with { type: 'json' };

/** All that a worker and an API need, beside node_modules. */
const PARTS = ['api', 'activities', 'workflows', 'domain', 'package.json'];

const { version } = packageJson;
const path = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));

const histories = path(`test/histories/${version}`);
if (!/^\d+\.\d+\.\d+$/.test(version) || existsSync(histories)) {
  console.error(`package.json says ${version}: give it the number of a release that has not been made yet.`);
  process.exit(1);
}
const releases = path('test/releases');
rmSync(releases, { recursive: true, force: true });
mkdirSync(releases);
const archive = `${releases}/${version}.tar.gz`;
execFileSync('git', ['archive', '--format=tar.gz', '-9', `--output=${archive}`, process.argv[2] ?? 'HEAD', ...PARTS], {
  cwd: path('.'),
});

const recorded = path('test/histories/next');
if (existsSync(recorded)) renameSync(recorded, histories);
console.log(`The source of ${version} is in ${archive}. Commit it, and tag that commit v${version}.`);
