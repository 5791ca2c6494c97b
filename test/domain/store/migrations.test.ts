import type { Configuration } from '@mikro-orm/core';
import type { AbstractSqlDriver } from '@mikro-orm/postgresql';
import { describe, expect, it } from 'vitest';
import { migrations } from '../../../domain/store/migrations/index.ts';

/** What takes away, or refuses, something that the release before may still use. */
const CONTRACTIONS: Record<string, RegExp> = {
  'takes a table, a column or a function away': /\bdrop\s+(table|column|schema|view|function|type)\b/i,
  'gives something another name': /\brename\b/i,
  'refuses nulls that were taken': /\bset\s+not\s+null\b/i,
  'changes a type': /\balter\s+column\s+\S+\s+(set\s+data\s+)?type\b/i,
  'adds a column that must be filled': /\badd\s+(column\s+)?"?\w+"?\s+(?!.*\bdefault\b)[^,;]*\bnot\s+null\b/is,
  'takes a default away': /\bdrop\s+default\b/i,
  'takes a right away': /\brevoke\b/i,
};

function contractionsIn(sql: string): string[] {
  return Object.keys(CONTRACTIONS).filter((name) => CONTRACTIONS[name]!.test(sql));
}

/** What the migration does to go up; it knows no database. */
function statementsOf(migration: (typeof migrations)[number]): string[] {
  const nowhere = {} as unknown;
  const instance = new migration.class(nowhere as AbstractSqlDriver, nowhere as Configuration);
  instance.up();
  return instance.getQueries().map(String);
}

describe('a migration', () => {
  it.each(migrations.slice(1))('$name only expands what the release before works on', (migration) => {
    const found = statementsOf(migration).flatMap(contractionsIn);
    // It may take away what no supported release uses, and then says which release was the last that did.
    if ('lastUsedBy' in migration) expect(migration.lastUsedBy).toMatch(/^\d+\.\d+\.\d+$/);
    else expect(found).toEqual([]);
  });

  it.each([
    ['drop table "rides"', 'takes a table, a column or a function away'],
    ['alter table "rides" drop column "pdf"', 'takes a table, a column or a function away'],
    ['alter table "rides" rename column "pdf" to "file"', 'gives something another name'],
    ['alter table "rides" alter column "pdf" set not null', 'refuses nulls that were taken'],
    ['alter table "rides" alter column "pdf" type text', 'changes a type'],
    ['alter table "rides" add column "pages" int not null', 'adds a column that must be filled'],
    ['alter table "rides" alter column "pages" drop default', 'takes a default away'],
    ['revoke insert on "rides" from comprobante_tenant', 'takes a right away'],
  ])('that does %s is found out', (sql, name) => {
    expect(contractionsIn(sql)).toEqual([name]);
  });

  it.each([
    'create table "pages" ("id" uuid not null, "text" text null)',
    'alter table "rides" add column "pages" int null',
    'alter table "rides" add column "pages" int not null default 1',
    'create index "rides_pages_index" on "rides" ("pages")',
    'grant select on "pages" to comprobante_tenant',
  ])('that does %s expands', (sql) => {
    expect(contractionsIn(sql)).toEqual([]);
  });
});
