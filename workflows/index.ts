export { batchWorkflow } from './batch.ts';
export { certificateScheduleWorkflow, certificateWatchWorkflow } from './certificate-watch.ts';
export { documentWorkflow } from './document.ts';
export { mailWorkflow } from './mail.ts';
export { mailRetryWorkflow } from './mail-retry.ts';
export { sriOutageWorkflow } from './outage.ts';
export { promotionWorkflow } from './promotion.ts';
export { reconciliationWorkflow } from './reconciliation.ts';
export { webhookReplayWorkflow, webhookWorkflow } from './webhook.ts';
