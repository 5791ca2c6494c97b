export { documentWorkflow } from './document.ts';
export { mailWorkflow } from './mail.ts';
export { reconciliationWorkflow } from './reconciliation.ts';
export { webhookWorkflow } from './webhook.ts';
