import { ApplicationFailure, log } from '@temporalio/activity';
import { countSealed, resealSome } from '../domain/admin/key-rotation.ts';
import type { ActivityDeps } from './deps.ts';

/** Rotation of the keys that encrypt at rest. */
export function keyRotationActivities({ store, sealer }: Pick<ActivityDeps, 'store' | 'sealer'>) {
  return {
    /**
     * Seals some values anew.
     * @returns how many, and how many are left under other keys; none of these can be opened if it was none
     * @throws ApplicationFailure for good, when this worker seals under another key: it would undo what others do
     */
    async resealPortion(keyId: string): Promise<{ resealed: number; left: number }> {
      if (sealer.currentId !== keyId) {
        throw ApplicationFailure.nonRetryable(
          `A worker seals under '${sealer.currentId}', not '${keyId}': give all processes the same ENCRYPTION_KEYS, and begin again.`,
          'OtherKeyFirst',
        );
      }
      const resealed = await resealSome(store, sealer, ({ kind, keyId: under, id }) =>
        log.error('a sealed value cannot be opened', { kind, keyId: under, id }),
      );
      const counts = await countSealed(store);
      const left = counts.reduce((sum, { keyId: under, values }) => (under === keyId ? sum : sum + values), 0);
      return { resealed, left };
    },
  };
}
