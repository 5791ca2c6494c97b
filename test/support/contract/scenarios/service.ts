import type { Scenarios } from '../scenario.ts';

export const serviceScenarios: Scenarios = {
  inspectCertificate: { 200: (street) => ({ files: { cert: street.p12(street.ruc()) } }) },
  health: { 503: () => ({ api: 'down' }) },
  ready: { 503: () => ({ api: 'down' }) },
  problem: { NOT_FOUND: () => ({ params: { slug: 'nothing' } }) },
};
