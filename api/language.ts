import type { Context } from 'koa';
import type { Language } from '../domain/store/entities/tenant.ts';

/** What `Accept-Language` prefers of the two that there are; English to whoever does not say. */
export function languageOf(ctx: Pick<Context, 'acceptsLanguages' | 'vary'>): Language {
  ctx.vary('Accept-Language');
  return ctx.acceptsLanguages('en', 'es') === 'es' ? 'es' : 'en';
}
