import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Message } from './messages.ts';

export interface Decision {
  state: 'AUTORIZADO' | 'NO AUTORIZADO' | 'RECHAZADO';
  /** Milliseconds since the epoch. */
  decidedAt: number;
  messages: Message[];
}

export interface StoredDocument {
  accessKey: string;
  xml: Uint8Array;
  receivedAt: number;
  /** Not decided before. */
  decideAt: number;
  decision?: Decision;
}

interface NewDocument extends Omit<StoredDocument, 'decision'> {
  /** What may exist once; see `TaxDocument.number`. */
  number: string;
}

/** What the control address tells of one access key. */
interface Tally {
  accessKey: string;
  /** How often reception was called with it. */
  receptions: number;
  /** How often reception answered RECIBIDA. */
  acceptedReceptions: number;
  state: 'NONE' | 'IN_PROCESS' | 'AUTORIZADO' | 'NO AUTORIZADO';
}

export interface State {
  /** Counts a call of reception, and keeps the document when it was accepted in place of a refused one of that key. */
  recordReception(accessKey: string, accepted?: NewDocument): void;
  recordDecision(accessKey: string, decision: Decision): void;
  document(accessKey: string): StoredDocument | undefined;
  /** The access key under which a number is registered. */
  keyOfNumber(number: string): string | undefined;
  tally(accessKey: string): Tally;
  /** In order of access key, after one. */
  tallies(after: string, limit: number): Tally[];
  close(): void;
}

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA busy_timeout = 5000;
  CREATE TABLE IF NOT EXISTS receptions (access_key TEXT PRIMARY KEY, calls INTEGER NOT NULL, accepted INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS documents (
    access_key TEXT PRIMARY KEY, number TEXT NOT NULL UNIQUE, xml BLOB NOT NULL, received_at INTEGER NOT NULL,
    decide_at INTEGER NOT NULL, state TEXT, decided_at INTEGER, messages TEXT
  );
`;

const TALLY = `
  SELECT access_key, calls, accepted, documents.access_key IS NOT NULL AS stored, state
  FROM receptions LEFT JOIN documents USING (access_key)
`;

/**
 * What this SRI remembers. With a folder it survives the death of the process, for every change is on disk when a call
 * here returns; without one it is in memory.
 */
export function openState(dir?: string): State {
  if (dir !== undefined) mkdirSync(dir, { recursive: true });
  const database = new DatabaseSync(dir === undefined ? ':memory:' : join(dir, 'sri.sqlite'));
  database.exec(SCHEMA);
  const countCall = database.prepare(
    `INSERT INTO receptions VALUES (?, 1, ?) ON CONFLICT DO UPDATE SET calls = calls + 1, accepted = accepted + excluded.accepted`,
  );
  const store = database.prepare(
    `INSERT OR REPLACE INTO documents (access_key, number, xml, received_at, decide_at) VALUES (?, ?, ?, ?, ?)`,
  );
  const decide = database.prepare(`UPDATE documents SET state = ?, decided_at = ?, messages = ? WHERE access_key = ?`);
  const find = database.prepare(`SELECT * FROM documents WHERE access_key = ?`);
  const findNumber = database.prepare(`SELECT access_key FROM documents WHERE number = ?`);
  const findTally = database.prepare(`${TALLY} WHERE access_key = ?`);
  const listTallies = database.prepare(`${TALLY} WHERE access_key > ? ORDER BY access_key LIMIT ?`);

  return {
    recordReception(accessKey, accepted) {
      database.exec('BEGIN IMMEDIATE');
      try {
        countCall.run(accessKey, accepted === undefined ? 0 : 1);
        if (accepted !== undefined) {
          store.run(accessKey, accepted.number, accepted.xml, accepted.receivedAt, accepted.decideAt);
        }
        database.exec('COMMIT');
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    },
    recordDecision(accessKey, { state, decidedAt, messages }) {
      decide.run(state, decidedAt, JSON.stringify(messages), accessKey);
    },
    document(accessKey) {
      const row = find.get(accessKey);
      if (row === undefined) return undefined;
      return {
        accessKey,
        xml: row['xml'] as Uint8Array,
        receivedAt: Number(row['received_at']),
        decideAt: Number(row['decide_at']),
        ...(row['state'] !== null && {
          decision: {
            state: row['state'] as Decision['state'],
            decidedAt: Number(row['decided_at']),
            messages: JSON.parse(String(row['messages'])) as Message[],
          },
        }),
      };
    },
    keyOfNumber: (number) => findNumber.get(number)?.['access_key'] as string | undefined,
    tally(accessKey) {
      const row = findTally.get(accessKey);
      return row === undefined ? { accessKey, receptions: 0, acceptedReceptions: 0, state: 'NONE' } : tallyOf(row);
    },
    tallies: (after, limit) => listTallies.all(after, limit).map(tallyOf),
    close: () => database.close(),
  };
}

function tallyOf(row: Record<string, unknown>): Tally {
  return {
    accessKey: String(row['access_key']),
    receptions: Number(row['calls']),
    acceptedReceptions: Number(row['accepted']),
    state: stateOf(row),
  };
}

function stateOf({ stored, state }: Record<string, unknown>): Tally['state'] {
  if (stored !== 1) return 'NONE';
  if (state === null) return 'IN_PROCESS';
  return state === 'AUTORIZADO' ? 'AUTORIZADO' : 'NO AUTORIZADO';
}
