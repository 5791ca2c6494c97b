import { Context } from '@temporalio/activity';
import type { RideLook } from '../domain/format/ride/look.ts';
import { rideHtml, RIDE_TEMPLATE_VERSION } from '../domain/format/ride/template.ts';
import { ticketHtml } from '../domain/format/ride/ticket.ts';
import { TICKET_WIDTH_MM } from '../domain/format/ride/ticket-style.ts';
import { rideView } from '../domain/format/ride/view-model.ts';
import { readEnvelope } from '../domain/sri/envelope.ts';
import { parseAccessKey } from '../domain/model/access-key.ts';
import type { RideFormat } from '../domain/model/document.ts';
import { Document, Ride } from '../domain/store/entities/document.ts';
import { Issuer, Logo } from '../domain/store/entities/issuer.ts';
import { logoProblems } from '../domain/tenants/logo.ts';
import type { ActivityDeps } from './deps.ts';

/** Chromium. */
export function renderActivities({ store, printer, tenantOf }: ActivityDeps) {
  return {
    /**
     * Prints the RIDE of an authorized document, and keeps it: what it says is in SRI's envelope, how it looks is the
     * issuer's choice of today.
     */
    async printRide(accessKey: string, format: RideFormat = 'a4'): Promise<void> {
      const tenantId = await tenantOf(accessKey);
      const [document, look] = await store.asTenant(tenantId, async (em) => {
        const found = await em.findOneOrFail(Document, { accessKey }, { populate: ['authorizedXml'] });
        const { issuerId } = found;
        const { color } = await em.findOneOrFail(Issuer, issuerId);
        return [found, lookOf(color, await em.findOne(Logo, { issuerId }))] as const;
      });
      const envelope = readEnvelope(document.authorizedXml!.toString());
      const view = rideView({
        documentXml: envelope.document,
        authorizationNumber: document.authorizationNumber ?? accessKey,
        authorizationDate: document.authorizationDate ?? '',
        environment: parseAccessKey(accessKey).environment,
      });
      const signal = Context.current().cancellationSignal;
      const pdf =
        format === 'ticket'
          ? await printer.print(ticketHtml(view, look), { signal, rollWidthMm: TICKET_WIDTH_MM })
          : await printer.print(rideHtml(view, look), { signal });
      await store.asTenant(tenantId, (em) =>
        em.upsert(Ride, {
          documentId: document.id,
          templateVersion: RIDE_TEMPLATE_VERSION,
          format,
          tenantId,
          pdf,
          createdAt: new Date(),
        }),
      );
    },
  };
}

/** The browser that decodes the picture is everybody's: it gets none that would not be accepted today. */
function lookOf(color: string | null | undefined, logo: Logo | null): RideLook {
  return {
    ...(color ? { color } : {}),
    ...(logo !== null && logoProblems(logo.image).length === 0 ? { logo } : {}),
  };
}
