export type MailLanguage = 'es' | 'en';

interface MailTexts {
  document: {
    sandboxTag: string;
    sandboxNotice: string;
    subject: (name: string, issuer: string) => string;
    greeting: (buyer: string) => string;
    intro: (issuer: string) => string;
    document: string;
    issuer: string;
    total: string;
    authorized: string;
    accessKey: string;
    attached: string;
    footer: (issuer: string) => string;
  };
  verification: {
    subject: (business: string) => string;
    title: string;
    intro: (business: string) => string;
    confirm: string;
    copyLink: string;
    limit: string;
    footer: string;
  };
  certificate: {
    intro: (business: string) => string;
    ruc: string;
    issuePoints: string;
    expires: string;
    advice: string;
    footer: string;
  };
}

/** Everything the mails say. No name ends a sentence: many end in `S.A.` */
export const TEXTS: Record<MailLanguage, MailTexts> = {
  es: {
    document: {
      sandboxTag: '[PRUEBA] ',
      sandboxNotice: 'Ambiente de pruebas: este documento no tiene validez tributaria.',
      subject: (name, issuer) => `${name} de ${issuer}`,
      greeting: (buyer) => `Hola, ${buyer}:`,
      intro: (issuer) => `${issuer} le envía su comprobante electrónico, autorizado por el SRI.`,
      document: 'Comprobante',
      issuer: 'Emisor',
      total: 'Total',
      authorized: 'Autorizado',
      accessKey: 'Clave de acceso',
      attached:
        'Van adjuntos dos archivos: el PDF (RIDE), para leer e imprimir, y el XML autorizado, que es el comprobante electrónico. Conserve los dos.',
      footer: (issuer) =>
        `Mensaje automático de ${issuer}: si algo de su comprobante no es correcto, comuníquese con el emisor.`,
    },
    verification: {
      subject: (business) => `Confirme su correo para ${business}`,
      title: 'Confirme su correo',
      intro: (business) => `${business} registró este correo en Comprobante. Confírmelo y la cuenta quedará activa.`,
      confirm: 'Confirmar mi correo',
      copyLink: 'Si el botón no funciona, copie este enlace en su navegador:',
      limit: 'El enlace vale por tiempo limitado. Si usted no pidió este registro, ignore el mensaje.',
      footer: 'Mensaje automático de Comprobante, el servicio de documentos electrónicos.',
    },
    certificate: {
      intro: (business) => `${business} firma con este certificado los comprobantes de estos puntos de emisión:`,
      ruc: 'RUC',
      issuePoints: 'Puntos de emisión',
      expires: 'Vence',
      advice:
        'Pida un certificado nuevo a su entidad de certificación y súbalo a cada emisor con PATCH /v1/issuers/{id}/certificate. Los comprobantes ya autorizados siguen siendo válidos.',
      footer: 'Mensaje automático de Comprobante, el servicio de documentos electrónicos.',
    },
  },
  en: {
    document: {
      sandboxTag: '[TEST] ',
      sandboxNotice: 'Test environment: this document has no tax validity.',
      subject: (name, issuer) => `${name} from ${issuer}`,
      greeting: (buyer) => `Hello ${buyer},`,
      intro: (issuer) => `${issuer} sends you your electronic document, authorized by SRI, Ecuador's tax authority.`,
      document: 'Document',
      issuer: 'Issuer',
      total: 'Total',
      authorized: 'Authorized',
      accessKey: 'Access key',
      attached:
        'Two files are attached: the PDF (RIDE), to read and print, and the authorized XML, which is the electronic document itself. Please keep both.',
      footer: (issuer) =>
        `Automatic message from ${issuer}: if anything in your document is not right, please contact the issuer.`,
    },
    verification: {
      subject: (business) => `Confirm your address for ${business}`,
      title: 'Confirm your address',
      intro: (business) =>
        `${business} registered this address with Comprobante. Confirm it and the account becomes active.`,
      confirm: 'Confirm my address',
      copyLink: 'If the button does not work, copy this link into your browser:',
      limit: 'The link is valid for a limited time. If you did not ask for this registration, ignore this message.',
      footer: 'Automatic message from Comprobante, the electronic document service.',
    },
    certificate: {
      intro: (business) => `${business} signs the documents of these issue points with this certificate:`,
      ruc: 'RUC',
      issuePoints: 'Issue points',
      expires: 'Expires',
      advice:
        'Ask your certification authority for a new certificate and upload it to each issuer with PATCH /v1/issuers/{id}/certificate. Documents that are authorized already stay valid.',
      footer: 'Automatic message from Comprobante, the electronic document service.',
    },
  },
};
