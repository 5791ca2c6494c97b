import { ApplicationFailure, Context } from '@temporalio/activity';
import { ApplicationFailureCategory } from '@temporalio/common';
import {
  readForSri,
  recordAuthorized,
  recordLongSilence,
  recordNotAuthorized,
  recordReceived,
  recordReturned,
  recordSendStarted,
  recordTrouble,
  type SendableDocument,
} from '../domain/documents/process.ts';
import { parseAccessKey } from '../domain/model/access-key.ts';
import type { DocumentStatus } from '../domain/model/document.ts';
import { authorizationPollDelayMs, isLongSilence, sriUnavailableDelayMs } from '../domain/model/retry-tables.ts';
import { type Authorization, settle } from '../domain/sri/answers.ts';
import { SriUnavailable } from '../domain/sri/client.ts';
import { authorizationEnvelope, signatureValueOf } from '../domain/sri/envelope.ts';
import { receptionVerdict } from '../domain/sri/error-catalogue.ts';
import type { ActivityDeps } from './deps.ts';
import { startDeliveries } from './start-deliveries.ts';

/** SRI's two services. */
export function sriActivities({ store, sri, client, tenantOf }: ActivityDeps) {
  /** The service that the key itself names: a test document can only go to the test service. */
  const clientFor = (accessKey: string) => sri[parseAccessKey(accessKey).environment];

  /** What SRI has decided of the bytes we hold; an answer that speaks of an earlier attempt's bytes is no answer. */
  async function decisionOf(accessKey: string, document: SendableDocument): Promise<Decision> {
    const answer = await clientFor(accessKey).queryAuthorization(accessKey, {
      signal: Context.current().cancellationSignal,
    });
    const { outcome, authorization } = settle(answer);
    if (outcome === 'PENDING' || authorization === undefined) return { outcome: 'PENDING' };
    if (outcome === 'NOT_AUTHORIZED' && !speaksOf(authorization, document.signedXml)) return { outcome: 'STALE' };
    return { outcome, authorization };
  }

  /** The document does not get to SRI; after some minutes its tenant is told. */
  async function noteSilence(document: SendableDocument): Promise<void> {
    if (!isLongSilence(Context.current().info.attempt)) return;
    await startDeliveries(client, document.tenantId, await recordLongSilence(store, document));
  }

  return {
    /** Sends a document, or finds that SRI has it already. Fails, to be tried again, while SRI does not answer. */
    async submitDocument(accessKey: string): Promise<DocumentStatus> {
      const document = await readForSri(store, await tenantOf(accessKey), accessKey);
      if (document.status !== 'PENDING_SEND') return document.status;
      return patiently(
        async () => {
          if (document.sendStarted) {
            const { outcome } = await decisionOf(accessKey, document);
            if (outcome === 'AUTHORIZED' || outcome === 'NOT_AUTHORIZED')
              return recordReceived(store, document, 'found by asking');
          } else {
            await recordSendStarted(store, document);
          }
          const answer = await clientFor(accessKey).submit(document.signedXml, {
            signal: Context.current().cancellationSignal,
          });
          const { messages } = answer;
          switch (receptionVerdict(answer)) {
            case 'RECEIVED':
              return recordReceived(store, document, 'RECIBIDA');
            case 'POLL': {
              // A registered key may be an earlier, refused version of this document that SRI will not replace.
              const { outcome } = await decisionOf(accessKey, document);
              if (outcome === 'STALE') return recordReturned(store, document, messages);
              return recordReceived(store, document, codes(messages));
            }
            case 'CONFLICT': {
              const { outcome } = await decisionOf(accessKey, document);
              if (outcome === 'AUTHORIZED' || outcome === 'NOT_AUTHORIZED')
                return recordReceived(store, document, codes(messages));
              return recordReturned(store, document, messages);
            }
            case 'RETRY':
              await noteSilence(document);
              throw retryLater(`SRI asks to try again (${codes(messages)})`);
            default:
              return recordReturned(store, document, messages);
          }
        },
        (detail) => recordTrouble(store, document, 'PENDING_SEND', detail),
        () => noteSilence(document),
      );
    },

    /** Asks for the authorization; "not yet" is a failure whose delay comes from the polling table. */
    async awaitAuthorization(accessKey: string): Promise<DocumentStatus> {
      const document = await readForSri(store, await tenantOf(accessKey), accessKey);
      if (document.status !== 'RECEIVED') return document.status;
      return patiently(
        async () => {
          const { outcome, authorization } = await decisionOf(accessKey, document);
          if (outcome === 'AUTHORIZED') {
            // What SRI holds under this key is what was sent; its answer may lack the text, or have lost letters on the way.
            const complete = { ...authorization!, document: authorization!.document ?? document.signedXml.toString() };
            return recordAuthorized(store, document, {
              authorizedXml: Buffer.from(authorizationEnvelope(complete, accessKey)),
              number: authorization!.number ?? accessKey,
              date: authorization!.date ?? '',
              messages: authorization!.messages,
            });
          }
          if (outcome === 'NOT_AUTHORIZED') return recordNotAuthorized(store, document, authorization!.messages);
          throw ApplicationFailure.create({
            message: 'SRI has not decided yet',
            type: 'AuthorizationPending',
            category: ApplicationFailureCategory.BENIGN,
            nextRetryDelay: authorizationPollDelayMs(Context.current().info.attempt),
          });
        },
        (detail) => recordTrouble(store, document, 'RECEIVED', detail),
      );
    },
  };
}

interface Decision {
  /** `STALE`: a refusal of bytes that are no longer ours. */
  outcome: 'AUTHORIZED' | 'NOT_AUTHORIZED' | 'PENDING' | 'STALE';
  authorization?: Authorization;
}

function speaksOf(authorization: Authorization, signedXml: Buffer): boolean {
  if (authorization.document === undefined) return true;
  return signatureValueOf(authorization.document) === signatureValueOf(signedXml.toString());
}

function codes(messages: readonly { identifier: string }[]): string {
  return messages.map(({ identifier }) => identifier).join(', ');
}

function retryLater(message: string): ApplicationFailure {
  return ApplicationFailure.create({
    message,
    type: 'SriUnavailable',
    category: ApplicationFailureCategory.BENIGN,
    nextRetryDelay: sriUnavailableDelayMs(Context.current().info.attempt),
  });
}

/** Turns SRI's silence into a delay; the document's log gets the first of a row of troubles, not each of a day's. */
async function patiently(
  work: () => Promise<DocumentStatus>,
  log: (detail: Record<string, unknown>) => Promise<void>,
  silent: () => Promise<void> = async () => {},
): Promise<DocumentStatus> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SriUnavailable)) throw error;
    if (Context.current().info.attempt === 1)
      await log({ trouble: error.kind, ...(error.status === undefined ? {} : { httpStatus: error.status }) });
    await silent();
    throw retryLater(`SRI does not answer (${error.kind})`);
  }
}
