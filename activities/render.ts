import { Context } from '@temporalio/activity';
import { rideHtml, RIDE_TEMPLATE_VERSION } from '../domain/format/ride/template.ts';
import { rideView } from '../domain/format/ride/view-model.ts';
import { readEnvelope } from '../domain/sri/envelope.ts';
import { parseAccessKey } from '../domain/model/access-key.ts';
import { Document, Ride } from '../domain/store/entities/document.ts';
import type { ActivityDeps } from './deps.ts';

/** Chromium. */
export function renderActivities({ store, printer, tenantOf }: ActivityDeps) {
  return {
    /** Prints the RIDE of an authorized document from SRI's envelope, and keeps it. */
    async printRide(accessKey: string): Promise<void> {
      const tenantId = await tenantOf(accessKey);
      const document = await store.asTenant(tenantId, (em) =>
        em.findOneOrFail(Document, { accessKey }, { populate: ['authorizedXml'] }),
      );
      const envelope = readEnvelope(document.authorizedXml!.toString());
      const html = rideHtml(
        rideView({
          documentXml: envelope.document,
          authorizationNumber: document.authorizationNumber ?? accessKey,
          authorizationDate: document.authorizationDate ?? '',
          environment: parseAccessKey(accessKey).environment,
        }),
      );
      const pdf = await printer.print(html, { signal: Context.current().cancellationSignal });
      await store.asTenant(tenantId, (em) =>
        em.upsert(Ride, {
          documentId: document.id,
          templateVersion: RIDE_TEMPLATE_VERSION,
          tenantId,
          pdf,
          createdAt: new Date(),
        }),
      );
    },
  };
}
