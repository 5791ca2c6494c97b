import type { Scenarios } from '../scenario.ts';

export const serviceScenarios: Scenarios = {
  health: { 503: () => ({ api: 'down' }) },
  ready: { 503: () => ({ api: 'down' }) },
  problem: { NOT_FOUND: () => ({ params: { slug: 'nothing' } }) },
};
