import { defineEntity, p } from '@mikro-orm/core';
import type { SriService } from '../../model/sri-service.ts';
import type { UnavailableKind } from '../../sri/unavailable.ts';
import { instant } from './columns.ts';
import { systemRows } from './row-security.ts';

const SriHealthSchema = defineEntity({
  name: 'SriHealth',
  tableName: 'sri_health',
  ...systemRows(),
  primaryKeys: ['host', 'service'],
  properties: {
    /** Name, and port if it is not the usual one. */
    host: p.string().length(255).primary(),
    service: p.string().$type<SriService>().length(16).primary(),
    /** In a row, whoever met them. */
    failures: p.integer().default(0),
    /** The first of them. */
    failingSince: instant().nullable(),
    lastFailure: p.string().$type<UnavailableKind>().length(16).nullable(),
    /** When it was last asked in vain, or somebody began to ask during an outage. */
    askedAt: instant().nullable(),
    /** It has failed often enough: hardly anybody asks it until it answers. */
    away: p.boolean().default(false),
  },
});

/** How one of SRI's services is doing, as all workers together have found. No row: nobody has met a failure. */
export class SriHealth extends SriHealthSchema.class {}
SriHealthSchema.setClass(SriHealth);
