import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Safeguard } from './safeguards.ts';

/** What became of a safeguard's test while it was switched off, and before. */
export interface Verdict {
  safeguard: Safeguard;
  /** The test that failed for it. */
  killedBy?: string;
  /** Why that is no proof, else. */
  problem?: string;
}

export interface Trial {
  /** Runs the test as it is, then with the safeguard switched off. */
  of(safeguard: Safeguard): Promise<Verdict>;
  close(): void;
}

/** Neither is source: the one is linked to, the others are of no use. */
const LEFT_OUT = new Set(['node_modules', '.git', '.data', 'coverage']);

/** @throws when the text does not stand in the source exactly once */
export function switchedOff(source: string, { name, file, text, instead }: Safeguard): string {
  const parts = source.split(text);
  if (parts.length !== 2) throw new Error(`${name}: its text stands in ${file} ${parts.length - 1} times`);
  return parts.join(instead);
}

/** Copies the source tree `root`, so that nothing is ever switched off in it. */
export function prepareTrial(root: string): Trial {
  const copy = mkdtempSync(join(tmpdir(), 'comprobante-mutants-'));
  cpSync(root, copy, { recursive: true, filter: (path) => path === root || !LEFT_OUT.has(basename(path)) });
  symlinkSync(realpathSync(join(root, 'node_modules')), join(copy, 'node_modules'));
  const sound = new Map<string, Outcome>();

  async function soundOutcome({ test }: Safeguard): Promise<Outcome> {
    const known = `${test.file} ${test.title}`;
    const outcome = sound.get(known) ?? (await run(copy, test));
    sound.set(known, outcome);
    return outcome;
  }

  return {
    async of(safeguard) {
      const before = await soundOutcome(safeguard);
      if (before.passed.length === 0 || before.failed.length > 0)
        return { safeguard, problem: `its test does not pass as it is: ${before.failed[0] ?? before.trouble}` };
      const path = join(copy, safeguard.file);
      const source = readFileSync(path, 'utf8');
      writeFileSync(path, switchedOff(source, safeguard));
      try {
        const { failed, trouble } = await run(copy, safeguard.test);
        // A tree that cannot even be loaded fails no test by name.
        const [killedBy] = failed;
        return killedBy === undefined ? { safeguard, problem: trouble ?? 'no test fails' } : { safeguard, killedBy };
      } finally {
        writeFileSync(path, source);
      }
    },
    close: () => rmSync(copy, { recursive: true, force: true }),
  };
}

/** Full names of the tests that were chosen, by what became of them. */
interface Outcome {
  passed: string[];
  failed: string[];
  /** What kept them from running. */
  trouble?: string;
}

interface Report {
  testResults: { message: string; assertionResults: { fullName: string; status: string }[] }[];
}

/** The tests of that title alone, by the vitest that is installed. */
async function run(copy: string, { project, file, title }: Safeguard['test']): Promise<Outcome> {
  const report = join(copy, 'report.json');
  rmSync(report, { force: true });
  const pattern = title.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const options = ['--reporter=json', `--outputFile=${report}`, '--project', project, '-t', pattern];
  const vitest = join(copy, 'node_modules/vitest/vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', file, ...options], { cwd: copy, stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  let results: Report['testResults'];
  try {
    ({ testResults: results } = JSON.parse(readFileSync(report, 'utf8')) as Report);
  } catch {
    return { passed: [], failed: [], trouble: `vitest ended with ${code} and no report` };
  }
  const tests = results.flatMap(({ assertionResults }) => assertionResults);
  const named = (status: string) => tests.filter((test) => test.status === status).map(({ fullName }) => fullName);
  const trouble = results.map(({ message }) => message.split('\n')[0]).find((message) => message);
  return { passed: named('passed'), failed: named('failed'), ...(trouble === undefined ? {} : { trouble }) };
}
