// Run by itself, after the packages are there: has Temporal's SDK download one of its servers into a folder and start
// it once, which proves that it runs. `node sdk-download.mjs dev-server|test-server FOLDER`
import { TestWorkflowEnvironment } from '@temporalio/testing';

const [kind, downloadDir] = process.argv.slice(2);
const environment =
  kind === 'dev-server'
    ? await TestWorkflowEnvironment.createLocal({
        server: { executable: { type: 'cached-download', downloadDir, version: 'v1.5.1' } },
      })
    : await TestWorkflowEnvironment.createTimeSkipping({
        server: { executable: { type: 'cached-download', downloadDir } },
      });
await environment.teardown();
