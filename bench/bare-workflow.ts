import { defineUpdate, proxyLocalActivities, setHandler } from '@temporalio/workflow';

export const answer = defineUpdate<string>('answer');

const { nothing } = proxyLocalActivities<{ nothing(): Promise<string> }>({ startToCloseTimeout: '10s' });

/** The least that an update-with-start with one local activity can be: what a create is measured against. */
export async function bareWorkflow(): Promise<string> {
  const done = nothing();
  setHandler(answer, () => done);
  return done;
}
