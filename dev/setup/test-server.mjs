import { chmodSync, existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, inNewFolder, once } from './cache.mjs';
import { findProgram, isProgram, run, say, SetupError, tail } from './run.mjs';

const VERSION = '1.32.0';
const PROGRAM = join(CACHE, `test-server-${VERSION}`, 'temporal-test-server');
const REMEDY =
  'Remedy: install Maven and a Java runtime 17 or newer (on Debian: apt-get install maven default-jre-headless) and try again.';

/** Path of the Java test server, the one that skips time: our cache, the SDK's download, else Maven's artifact. */
export async function timeSkippingServer() {
  if (isReady()) return PROGRAM;
  return once('test-server', async () => {
    if (isReady()) return PROGRAM;
    say('installing the time-skipping test server: tests of three-day outages end in seconds with it');
    await inNewFolder('test-server', async (folder) => {
      if (!(await downloaded(folder))) await fromMaven(folder);
      rmSync(join(PROGRAM, '..'), { recursive: true, force: true });
      renameSync(folder, join(PROGRAM, '..'));
    });
    return PROGRAM;
  });
}

/** Maven's form needs a Java at each run; the SDK's is a native program. */
function isReady() {
  return isProgram(PROGRAM) && (!existsSync(join(PROGRAM, '../lib')) || java() !== undefined);
}

async function downloaded(folder) {
  const script = new URL('./sdk-download.mjs', import.meta.url).pathname;
  try {
    await run('download', process.execPath, [script, 'test-server', folder], { timeoutMs: 180_000 });
  } catch {
    say('  temporal.download gave nothing; taking it from Maven instead');
    return false;
  }
  const file = readdirSync(folder).find((name) => isProgram(join(folder, name)));
  if (file === undefined) return false;
  renameSync(join(folder, file), join(folder, 'temporal-test-server'));
  return true;
}

async function fromMaven(folder) {
  const maven = findProgram('mvn');
  if (java() === undefined || maven === undefined) {
    const missing = java() === undefined ? 'no Java to run it' : 'no Maven to fetch it';
    throw new SetupError(`The time-skipping test server could not be downloaded, and there is ${missing}.\n${REMEDY}`);
  }
  writeFileSync(join(folder, 'pom.xml'), pom());
  try {
    const args = ['-B', '-q', 'dependency:copy-dependencies', '-DincludeScope=runtime', '-DoutputDirectory=lib'];
    await run('maven', maven, args, { cwd: folder });
  } catch (error) {
    throw new SetupError(
      `Maven could not fetch the test server:\n${tail(error)}\nRemedy: check the network and Maven's settings.xml, then try again.`,
    );
  }
  const program = join(folder, 'temporal-test-server');
  writeFileSync(program, `#!/bin/sh\nexec java -cp "$(dirname "$0")/lib/*" io.temporal.testserver.TestServer "$@"\n`);
  chmodSync(program, 0o755);
}

function java() {
  return findProgram('java');
}

function pom() {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>comprobante</groupId>
  <artifactId>time-skipping-server</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId>
      <artifactId>temporal-test-server</artifactId>
      <version>${VERSION}</version>
    </dependency>
  </dependencies>
</project>
`;
}
