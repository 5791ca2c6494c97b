import { Document } from '../store/entities/document.ts';
import type { Store } from '../store/store.ts';

const MAX_KNOWN = 10_000;

/** Finds whose document an access key is: the one look across tenants that the worker needs. Keys never change hands. */
export function createLocator(store: Store) {
  const known = new Map<string, string>();
  return async (accessKey: string): Promise<string> => {
    const cached = known.get(accessKey);
    if (cached !== undefined) return cached;
    const row = await store.asSystem((em) => em.findOneOrFail(Document, { accessKey }, { fields: ['tenantId'] }));
    if (known.size >= MAX_KNOWN) known.delete(known.keys().next().value!);
    known.set(accessKey, row.tenantId);
    return row.tenantId;
  };
}
