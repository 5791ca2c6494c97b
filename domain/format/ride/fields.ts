import type { CatalogueRow } from '../../model/catalogue.ts';
import { Decimal } from '../../model/money.ts';
import { guayaquilTime } from '../../model/tax-date.ts';
import { child, type DocumentElement } from './document-tree.ts';
import type { Cell, Fact } from './view.ts';

/** Text of a child, white space around it removed; `undefined` when the child is absent or empty. */
export function textOf(parent: DocumentElement | undefined, name: string): string | undefined {
  const text = child(parent, name)?.text.trim();
  return text === '' ? undefined : text;
}

/** Facts with a value, in the order given. */
export function facts(rows: readonly (readonly [label: string, value: string | undefined, wide?: 'wide'])[]): Fact[] {
  return rows.flatMap(([label, value, wide]) =>
    value === undefined ? [] : [{ label, value, ...(wide === undefined ? {} : { wide: true }) }],
  );
}

/** A cell with those notes that are there. */
export function cell(text: string | undefined, notes: readonly (string | undefined)[] = []): Cell {
  const present = notes.filter((note) => note !== undefined);
  return { text: text ?? '', ...(present.length === 0 ? {} : { notes: present }) };
}

/** `12.5` → `12.50`. */
export function money(text: string | undefined): string {
  return new Decimal(text ?? 0).toFixed(2);
}

/** Quantities and unit prices: `3.000000` → `3.00`, `4.333333` as it is. */
export function quantity(text: string | undefined): string {
  const value = new Decimal(text ?? 0);
  return value.toFixed(Math.max(2, value.decimalPlaces()));
}

/** `15.00` → `15`. */
export function plain(text: string): string {
  return new Decimal(text).toFixed();
}

/**
 * SRI's ISO time as `12/11/2026 10:20:30`, in Ecuador's time. A time without offset is taken as it stands,
 * and so is any other format: issuers' files hold some.
 */
export function authorizationTime(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const iso = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?$/.exec(trimmed);
  if (iso === null || Number.isNaN(Date.parse(trimmed))) return trimmed;
  const local = iso[3] === undefined ? `${iso[1]}T${iso[2]}` : guayaquilTime(new Date(trimmed));
  const [year, month, day] = local.slice(0, 10).split('-');
  return `${day}/${month}/${year} ${local.slice(11, 19)}`;
}

/** The name whatever the day, since what was authorized was valid then. */
export function nameOf(rows: readonly CatalogueRow[], code: string | undefined): string | undefined {
  return rows.find((row) => row.code === code)?.name;
}

/** `110 - Estados Unidos` */
export function named(rows: readonly CatalogueRow[], code: string | undefined): string | undefined {
  const name = nameOf(rows, code);
  return name === undefined ? code : `${code} - ${name}`;
}
