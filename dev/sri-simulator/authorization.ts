import type { X509Certificate } from 'node:crypto';
import { difference } from './differences.ts';
import { readDocument, type TaxDocument } from './document.ts';
import type { Faults } from './faults.ts';
import { guayaquilTime } from './guayaquil.ts';
import { type Message, messageOf } from './messages.ts';
import { signatureProblem } from './signature.ts';
import type { AuthorizationNode } from './soap.ts';
import type { Decision, State, StoredDocument } from './state.ts';

export interface Authority {
  /** The decision of a document, made and put on record when it is due and somebody asks. */
  decisionOf(document: StoredDocument): Decision | undefined;
  /** What autorizacionComprobante answers about a key; nothing while it is unknown or not decided. */
  authorizations(accessKey: string): AuthorizationNode[];
}

/** Message of a document that a fault refuses, unless it says another. */
const DEFAULT_REFUSAL = '52';

export function createAuthority(state: State, faults: Faults, trusted: readonly X509Certificate[]): Authority {
  function decide({ accessKey, xml, receivedAt }: StoredDocument, now: number): Decision {
    const fault = faults.take({ service: 'authorization', accessKey }, 'decision');
    if (fault !== undefined) {
      const word = fault.fault === 'rechazado' ? 'RECHAZADO' : 'NO AUTORIZADO';
      return { state: word, decidedAt: now, messages: [messageOf(fault.code ?? DEFAULT_REFUSAL)] };
    }
    const document = readDocument(textOf(xml));
    const refusal = signatureProblem(document, { receivedAt, trusted }) ?? calculationProblem(document);
    if (refusal !== undefined) return { state: 'NO AUTORIZADO', decidedAt: now, messages: [refusal] };
    return { state: 'AUTORIZADO', decidedAt: now, messages: document.environment === '1' ? [messageOf('60')] : [] };
  }

  function decisionOf(document: StoredDocument): Decision | undefined {
    const now = Date.now();
    if (document.decision !== undefined || document.decideAt > now) return document.decision;
    const decision = decide(document, now);
    state.recordDecision(document.accessKey, decision);
    return decision;
  }

  return {
    decisionOf,
    authorizations(accessKey) {
      const stored = state.document(accessKey);
      const decision = stored === undefined ? undefined : decisionOf(stored);
      return stored === undefined || decision === undefined ? [] : [nodeOf(stored, decision)];
    },
  };
}

/** The refusal of an earlier attempt, as it can stand beside an authorization. */
export function earlierRefusal(node: AuthorizationNode): AuthorizationNode {
  const date = guayaquilTime(Date.parse(node.date) - 60_000);
  return { ...node, state: 'NO AUTORIZADO', date, messages: [messageOf(DEFAULT_REFUSAL)] };
}

function nodeOf({ accessKey, xml }: StoredDocument, { state, decidedAt, messages }: Decision): AuthorizationNode {
  return { state, date: guayaquilTime(decidedAt), accessKey, document: textOf(xml), messages };
}

function calculationProblem({ root }: TaxDocument): Message | undefined {
  const found = difference(root);
  return found === undefined ? undefined : messageOf('52', found);
}

function textOf(xml: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(xml);
}
