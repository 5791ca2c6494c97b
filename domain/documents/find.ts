import type { EntityManager } from '@mikro-orm/postgresql';
import { LockMode } from '@mikro-orm/postgresql';
import { Refusal } from '../refusal.ts';
import { Document } from '../store/entities/document.ts';
import type { IssuerScope } from './context.ts';

/** @throws Refusal NOT_FOUND, also when the document is another issuer's or of the other environment. */
export async function findOwn(
  em: EntityManager,
  scope: IssuerScope,
  accessKey: string,
  options: { lock?: boolean; populate?: readonly ('body' | 'signedXml' | 'authorizedXml')[] } = {},
): Promise<Document> {
  const document = await em.findOne(
    Document,
    { accessKey, issuerId: scope.issuerId, environment: scope.environment },
    {
      populate: (options.populate ?? []) as never,
      ...(options.lock ? { lockMode: LockMode.PESSIMISTIC_WRITE } : {}),
    },
  );
  if (document === null) throw new Refusal('NOT_FOUND', 'This issuer has no document with this access key.');
  return document as Document;
}
