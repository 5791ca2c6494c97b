import { isoDateOf, taxDateOf } from '../model/tax-date.ts';
import type { NotificationType } from '../store/entities/delivery.ts';

/** Days before the end at which a tenant is told, the last first. */
const THRESHOLDS = [0, 1, 7, 30] as const;

export type Threshold = (typeof THRESHOLDS)[number];

const DAY_MS = 86_400_000;

/** Whole days of the calendar in America/Guayaquil from `now` until `notAfter`; 0 on the day itself, then negative. */
export function daysRemaining(notAfter: Date, now: Date): number {
  return (dayOf(notAfter) - dayOf(now)) / DAY_MS;
}

function dayOf(instant: Date): number {
  return Date.parse(isoDateOf(taxDateOf(instant)));
}

/** The threshold that has been passed with so many days left, if any has. */
export function thresholdOf(days: number): Threshold | undefined {
  return THRESHOLDS.find((threshold) => days <= threshold);
}

/** What a notification of so many days left is: `WARNING` from 30 days, `ERROR` from 7 (api.md §6). */
export function kindOf(days: number): { type: NotificationType; severity: 'WARNING' | 'ERROR' } {
  return {
    type: days <= 0 ? 'CERT_EXPIRED' : 'CERT_EXPIRING',
    severity: days <= 7 ? 'ERROR' : 'WARNING',
  };
}
