// Bundles the workflows as a worker does, and refuses what may not be in there: what is not deterministic, what would be
// built anew for each workflow that a worker keeps in memory, and more than it should take.
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type Logger } from '@temporalio/worker';

const LIMIT_BYTES = 2_000_000;
const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Our own folders that workflows may import. */
const OURS = ['workflows/', 'domain/model/'];
const REFUSED_PACKAGES = /node_modules\/(zod|@mikro-orm|koa|@koa|undici|pino)\//;

export interface Bundle {
  bytes: number;
  /** What is in it and may not be: paths from the root of the repository, or names of modules. */
  refused: string[];
}

/** @throws when it cannot be bundled, with the bundler's words: it refuses `node:` modules by itself. */
export async function bundleWorkflows(workflowsPath: string): Promise<Bundle> {
  const words: string[] = [];
  const modules = new Set<string>();
  try {
    const { code } = await bundleWorkflowCode({
      workflowsPath,
      logger: keeping(words),
      webpackConfigHook: (config) => ({
        ...config,
        plugins: [
          ...(config.plugins ?? []),
          (compiler) =>
            compiler.hooks.compilation.tap('check-bundle', ({ hooks }) =>
              hooks.finishModules.tap('check-bundle', (found) => {
                for (const module of found) modules.add(module.nameForCondition() ?? module.identifier());
              }),
            ),
        ],
      }),
    });
    const names = [...modules].map((name) => (name.startsWith(ROOT) ? relative(ROOT, name) : name));
    return { bytes: Buffer.byteLength(code), refused: names.filter(isRefused) };
  } catch (error) {
    throw new Error(`The workflows cannot be bundled:\n${words.join('\n')}`, { cause: error });
  }
}

function isRefused(name: string): boolean {
  if (/(^|[" ])node:/.test(name) || REFUSED_PACKAGES.test(name)) return true;
  const isOurs = !name.includes('node_modules/') && /\.m?[jt]s$/.test(name);
  return isOurs && !OURS.some((folder) => name.startsWith(folder));
}

function keeping(words: string[]): Logger {
  const keep = (line: string) => void words.push(line);
  return { log: (_level, line) => keep(line), trace: keep, debug: keep, info: () => {}, warn: keep, error: keep };
}

if (import.meta.main) {
  const { bytes, refused } = await bundleWorkflows(fileURLToPath(new URL('../workflows/index.ts', import.meta.url)));
  for (const name of refused) console.error(`workflow bundle: ${name} may not be in it`);
  if (bytes > LIMIT_BYTES) console.error(`workflow bundle: ${bytes} bytes, more than ${LIMIT_BYTES}`);
  if (refused.length > 0 || bytes > LIMIT_BYTES) process.exit(1);
  console.log(`workflow bundle: ${bytes} bytes of ${LIMIT_BYTES}, nothing in it that may not be`);
}
