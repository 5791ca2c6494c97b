import { patched } from '@temporalio/workflow';

/** One change of what a workflow does, which runs that were under way before do not know of. */
interface Patch {
  /** Day of the change, as YYYY-MM-DD. */
  since: string;
  /** Release that has it first. */
  release: string;
  /** What a run that began before does instead. */
  before: string;
  /** When the old way goes; see below. */
  removal: string;
}

/**
 * Every change of a workflow's commands since the first release. The old way goes in two steps, a release each: when no
 * run of an older release is open any more (`StartTime < '<day of the upgrade>' AND ExecutionStatus = 'Running'` in
 * Temporal UI finds none), `deprecatePatch` takes the place of the question; in the release after that the row and the
 * call go, and with them the histories in test/histories of the releases that did not have it.
 */
export const PATCHES = {
  'sri-outage': {
    since: '2026-11-25',
    release: '0.2.0',
    before: 'SRI is asked by the retries of one activity for as long as an outage lasts.',
    removal: 'two releases after 0.2.0, when no document that was being sent under 0.1.0 is open',
  },
} as const satisfies Record<string, Patch>;

/** Whether this run does it the new way: all do that begin now, and none that had passed this point before. */
export function changed(id: keyof typeof PATCHES): boolean {
  return patched(id);
}
