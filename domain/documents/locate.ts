import type { Store } from '../store/store.ts';

const MAX_KNOWN = 10_000;

/** Finds whose document an access key is: the one look across tenants that the worker needs. Keys never change hands. */
export function createLocator(store: Store) {
  const known = new Map<string, string>();
  return async (accessKey: string): Promise<string> => {
    const cached = known.get(accessKey);
    if (cached !== undefined) return cached;
    const [row] = await store.lookUp<{ tenant_id: string }>('select tenant_id from documents where access_key = ?', [
      accessKey,
    ]);
    if (row === undefined) throw new Error('a document was announced that does not exist');
    if (known.size >= MAX_KNOWN) known.delete(known.keys().next().value!);
    known.set(accessKey, row.tenant_id);
    return row.tenant_id;
  };
}
