import { Context } from '@temporalio/activity';
import {
  recordAuthorized,
  recordNotAuthorized,
  recordReceived,
  recordReturned,
  recordSendStarted,
  recordUndecided,
  type SendableDocument,
} from '../domain/documents/process.ts';
import { parseAccessKey } from '../domain/model/access-key.ts';
import type { DocumentStatus } from '../domain/model/document.ts';
import { isLongUndecided } from '../domain/model/retry-tables.ts';
import { type Authorization, settle } from '../domain/sri/answers.ts';
import { authorizationEnvelope, signatureValueOf } from '../domain/sri/envelope.ts';
import { receptionVerdict } from '../domain/sri/error-catalogue.ts';
import type { ActivityDeps } from './deps.ts';

/** SRI answered that it cannot answer now. */
export class SriPutsOff extends Error {
  override readonly name = 'SriPutsOff';
}

/** What is done with SRI for a document, once; with `probe` even during an outage. */
export interface SriSteps {
  /**
   * Sends a document, or finds that SRI has it already.
   * @throws SriUnavailable, SriPutsOff
   */
  send(accessKey: string, document: SendableDocument, probe?: boolean): Promise<DocumentStatus>;
  /**
   * Asks for the authorization.
   * @returns undefined when SRI has not decided yet; PENDING_SEND when it should have, and is to get the document again
   * @throws SriUnavailable
   */
  decide(accessKey: string, document: SendableDocument, probe?: boolean): Promise<DocumentStatus | undefined>;
}

export function sriSteps({ store, sri, clock }: Pick<ActivityDeps, 'store' | 'sri' | 'clock'>): SriSteps {
  /** The service that the key itself names: a test document can only go to the test service. */
  const clientFor = (accessKey: string) => sri[parseAccessKey(accessKey).environment];

  /** What SRI has decided of the bytes we hold; an answer that speaks of an earlier attempt's bytes is no answer. */
  async function decisionOf(accessKey: string, document: SendableDocument, probe: boolean): Promise<Decision> {
    const answer = await clientFor(accessKey).queryAuthorization(accessKey, {
      signal: Context.current().cancellationSignal,
      probe,
    });
    const { outcome, authorization } = settle(answer);
    if (outcome === 'PENDING' || authorization === undefined) return { outcome: 'PENDING' };
    if (outcome === 'NOT_AUTHORIZED' && !speaksOf(authorization, document.signedXml)) return { outcome: 'STALE' };
    return { outcome, authorization };
  }

  return {
    async send(accessKey, document, probe = false) {
      if (document.sendStarted) {
        const { outcome } = await decisionOf(accessKey, document, probe);
        if (outcome === 'AUTHORIZED' || outcome === 'NOT_AUTHORIZED')
          return recordReceived(store, document, 'found by asking');
      }
      const answer = await clientFor(accessKey).submit(document.signedXml, {
        signal: Context.current().cancellationSignal,
        probe,
        leaving: () => recordSendStarted(store, document),
      });
      const { messages } = answer;
      switch (receptionVerdict(answer)) {
        case 'RECEIVED':
          return recordReceived(store, document, 'RECIBIDA');
        case 'POLL': {
          // A registered key may be an earlier, refused version of this document that SRI will not replace.
          const { outcome } = await decisionOf(accessKey, document, probe);
          if (outcome === 'STALE') return recordReturned(store, document, messages);
          return recordReceived(store, document, codes(messages));
        }
        case 'CONFLICT': {
          const { outcome } = await decisionOf(accessKey, document, probe);
          if (outcome === 'AUTHORIZED' || outcome === 'NOT_AUTHORIZED')
            return recordReceived(store, document, codes(messages));
          return recordReturned(store, document, messages);
        }
        case 'RETRY':
          throw new SriPutsOff(`SRI asks to try again (${codes(messages)})`);
        default:
          return recordReturned(store, document, messages);
      }
    },

    async decide(accessKey, document, probe = false) {
      const { outcome, authorization } = await decisionOf(accessKey, document, probe);
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
      // SRI loses what it took, and has said 43 or 70 of what it did not have.
      const { receivedAt } = document;
      if (receivedAt !== null && isLongUndecided(receivedAt, clock())) return recordUndecided(store, document);
      return undefined;
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
