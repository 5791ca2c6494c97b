import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SAFEGUARDS } from './mutants/safeguards.ts';
import { prepareTrial, type Verdict } from './mutants/trial.ts';

const HELP = `Switches the safeguards off, one at a time, and looks whether the test that is named for each fails.

npm run mutants -- [options]
  --only NAME   this safeguard alone; may be repeated
  --list        names the safeguards, what they protect and their tests, and runs nothing
  --help

All happens in a copy of the source tree, among the temporary files; the tree itself is never changed. Each test runs
twice, as it is and with its safeguard off. That takes some twenty minutes for all, and what npm test needs.
Ends with 1 when a safeguard can be lost without its test failing.`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(HELP);
} else if (values.list) {
  for (const { name, protects, test } of SAFEGUARDS)
    console.log(`${name}\n  ${protects}\n  ${test.file}: ${test.title}`);
} else {
  const unknown = values.only.find((wanted) => !SAFEGUARDS.some(({ name }) => name === wanted));
  if (unknown !== undefined) throw new Error(`there is no safeguard '${unknown}'; --list names them`);
  const chosen = SAFEGUARDS.filter(({ name }) => values.only.length === 0 || values.only.includes(name));
  const trial = prepareTrial(fileURLToPath(new URL('..', import.meta.url)));
  let survived = 0;
  try {
    for (const safeguard of chosen) {
      const verdict = await trial.of(safeguard);
      if (verdict.killedBy === undefined) survived++;
      console.log(lineOf(verdict));
    }
  } finally {
    trial.close();
  }
  console.log(`\n${chosen.length} safeguards switched off, ${chosen.length - survived} noticed by their tests.`);
  process.exitCode = survived === 0 ? 0 : 1;
}

function lineOf({ safeguard, killedBy, problem }: Verdict): string {
  const found = killedBy === undefined ? `NOT NOTICED: ${problem}` : `killed by "${killedBy}"`;
  return `${safeguard.name.padEnd(30)}${found}`;
}
