import type { Scenarios } from './scenario.ts';
import { accountScenarios } from './scenarios/accounts.ts';
import { adminScenarios } from './scenarios/admin.ts';
import { batchScenarios } from './scenarios/batches.ts';
import { documentScenarios } from './scenarios/documents.ts';
import { issuerScenarios } from './scenarios/issuers.ts';
import { messageScenarios } from './scenarios/messages.ts';
import { serviceScenarios } from './scenarios/service.ts';

/** What each operation needs to answer what it documents. */
export const scenarios: Scenarios = {
  ...accountScenarios,
  ...issuerScenarios,
  ...documentScenarios,
  ...batchScenarios,
  ...messageScenarios,
  ...adminScenarios,
  ...serviceScenarios,
};
