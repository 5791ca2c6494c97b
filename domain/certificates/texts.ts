import { isoDateOf, taxDateOf } from '../model/tax-date.ts';
import type { Language } from '../store/entities/tenant.ts';

export interface ExpiryFacts {
  notAfter: Date;
  /** As `daysRemaining` counts them. */
  days: number;
  /** It cannot sign any more. */
  over: boolean;
  ruc: string;
  /** Such as `001-002`. */
  issuePoint: string;
}

/** What a tenant reads of a certificate that runs out. */
export function expiryText(language: Language, facts: ExpiryFacts): { title: string; message: string } {
  return language === 'es' ? spanish(facts) : english(facts);
}

function spanish({ notAfter, days, over, ruc, issuePoint }: ExpiryFacts) {
  const date = taxDateOf(notAfter);
  const whose = `El certificado de firma del punto de emisión ${issuePoint}, RUC ${ruc},`;
  if (over) {
    return {
      title: 'Certificado de firma vencido',
      message: `${whose} venció el ${date}. Con él ya no se puede emitir ningún comprobante: suba uno nuevo.`,
    };
  }
  const when = days <= 0 ? 'hoy' : days === 1 ? 'mañana' : `en ${days} días`;
  return {
    title: `El certificado de firma vence ${when}`,
    message: `${whose} vence ${when}, el ${date}. Desde entonces no se podrá emitir con él: suba uno nuevo antes.`,
  };
}

function english({ notAfter, days, over, ruc, issuePoint }: ExpiryFacts) {
  const date = isoDateOf(taxDateOf(notAfter));
  const whose = `The signing certificate of issue point ${issuePoint}, RUC ${ruc},`;
  if (over) {
    return {
      title: 'The signing certificate has expired',
      message: `${whose} expired on ${date}. Nothing can be issued with it any more: upload a new one.`,
    };
  }
  const when = days <= 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`;
  return {
    title: `The signing certificate expires ${when}`,
    message: `${whose} expires ${when}, on ${date}. From then on nothing can be issued with it: upload a new one before.`,
  };
}
