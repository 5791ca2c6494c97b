import type { NotChosen } from '../signing/pkcs12.ts';

export const PROBLEM_CODES = [
  'NOT_A_P12',
  'TOO_MANY_ROUNDS',
  'UNSUPPORTED_ENCRYPTION',
  'WRONG_PASSWORD',
  'NO_KEY',
  'NO_MATCHING_CERTIFICATE',
  'NO_SIGNING_CERTIFICATE',
  'KEY_UNUSABLE',
  'EXPIRED',
  'NOT_YET_VALID',
  'EXPIRES_SOON',
  'RUC_NOT_FOUND',
  'RUC_MISMATCH',
  'UNKNOWN_AUTHORITY',
  'PROBE_FAILED',
] as const;

export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** What is wrong with a certificate file. After a warning it can be used all the same. */
export interface CertificateProblem {
  code: ProblemCode;
  severity: 'error' | 'warning';
}

type Language = 'es' | 'en';

interface Words {
  /** What is wrong. */
  message: string;
  /** What to do about it. */
  remedy: string;
}

/** Each problem in plain words. */
export const PROBLEM_WORDS: Readonly<Record<ProblemCode, Readonly<Record<Language, Words>>>> = {
  NOT_A_P12: {
    es: {
      message: 'El archivo no es un certificado .p12 o .pfx, o está dañado.',
      remedy: 'Descárguelo otra vez de su entidad de certificación; un .cer o .pem solo no trae la clave privada.',
    },
    en: {
      message: 'The file is not a .p12 or .pfx certificate, or it is damaged.',
      remedy: 'Download it again from your certification authority; a .cer or .pem alone brings no private key.',
    },
  },
  TOO_MANY_ROUNDS: {
    es: {
      message: 'El archivo exige un número de iteraciones fuera de lo razonable para comprobar su contraseña.',
      remedy: 'Expórtelo de nuevo con los ajustes normales de su programa.',
    },
    en: {
      message: 'The file asks for an unreasonable number of rounds to check its password.',
      remedy: 'Export it again with the usual settings of your program.',
    },
  },
  UNSUPPORTED_ENCRYPTION: {
    es: {
      message: 'El archivo está cifrado con un algoritmo que este servicio no conoce.',
      remedy: 'Expórtelo de nuevo con AES-256 o 3DES, que son los usuales.',
    },
    en: {
      message: 'The file is encrypted with an algorithm that this service does not know.',
      remedy: 'Export it again with AES-256 or 3DES, which are the usual ones.',
    },
  },
  WRONG_PASSWORD: {
    es: {
      message: 'La contraseña no abre el archivo.',
      remedy:
        'Revise mayúsculas, tildes y espacios; si la olvidó, pida un certificado nuevo: nadie la puede recuperar.',
    },
    en: {
      message: 'The password does not open the file.',
      remedy:
        'Mind capitals, accents and spaces; if it is forgotten, ask for a new certificate: nobody can recover it.',
    },
  },
  NO_KEY: {
    es: {
      message: 'El archivo no contiene ninguna clave privada.',
      remedy: 'Exporte el certificado con su clave privada, o use el archivo original de la entidad de certificación.',
    },
    en: {
      message: 'The file holds no private key.',
      remedy: 'Export the certificate with its private key, or use the original file of the certification authority.',
    },
  },
  NO_MATCHING_CERTIFICATE: {
    es: {
      message: 'Ningún certificado legible del archivo corresponde a su clave privada.',
      remedy: 'Use el archivo original de la entidad de certificación.',
    },
    en: {
      message: 'No certificate in the file that can be read belongs to its private key.',
      remedy: 'Use the original file of the certification authority.',
    },
  },
  NO_SIGNING_CERTIFICATE: {
    es: {
      message: 'El archivo solo trae certificados para otros usos, como el descifrado, y ninguno de firma digital.',
      remedy: 'Pida a su entidad de certificación el archivo con la clave de firma ("Signing Key").',
    },
    en: {
      message: 'The file brings certificates for other uses only, such as decryption, and none for digital signatures.',
      remedy: 'Ask your certification authority for the file with the signing key ("Signing Key").',
    },
  },
  KEY_UNUSABLE: {
    es: {
      message: 'La clave no es RSA de 2048 a 4096 bits, que es lo que el SRI acepta.',
      remedy: 'Pida un certificado nuevo con una clave RSA de 2048 bits o más.',
    },
    en: {
      message: 'The key is not RSA of 2048 to 4096 bits, which is what SRI takes.',
      remedy: 'Ask for a new certificate with an RSA key of 2048 bits or more.',
    },
  },
  EXPIRED: {
    es: {
      message: 'El certificado de firma está vencido.',
      remedy: 'Renuévelo en su entidad de certificación y súbalo a cada emisor.',
    },
    en: {
      message: 'The signing certificate has expired.',
      remedy: 'Renew it at your certification authority and upload it to each issuer.',
    },
  },
  NOT_YET_VALID: {
    es: {
      message: 'El certificado de firma todavía no es válido.',
      remedy: 'Espere a la fecha desde la que vale, o use el certificado anterior.',
    },
    en: {
      message: 'The signing certificate is not valid yet.',
      remedy: 'Wait for the day from which it is, or use the one before.',
    },
  },
  EXPIRES_SOON: {
    es: {
      message: 'El certificado de firma vence en 30 días o menos.',
      remedy: 'Renuévelo ya: con un certificado vencido no se puede emitir.',
    },
    en: {
      message: 'The signing certificate ends in 30 days or less.',
      remedy: 'Renew it now: nothing can be issued with an expired one.',
    },
  },
  RUC_NOT_FOUND: {
    es: {
      message: 'El certificado no dice de qué RUC o cédula es; el SRI lo rechaza (error 39).',
      remedy: 'Pida a su entidad de certificación un certificado que incluya el RUC.',
    },
    en: {
      message: 'The certificate does not say which RUC or cédula it is for; SRI refuses it (error 39).',
      remedy: 'Ask your certification authority for a certificate that names the RUC.',
    },
  },
  RUC_MISMATCH: {
    es: {
      message: 'El certificado es de otro contribuyente; el SRI lo rechaza (error 39).',
      remedy: 'Use un certificado emitido para el RUC del emisor.',
    },
    en: {
      message: 'The certificate is another taxpayer’s; SRI refuses it (error 39).',
      remedy: 'Use a certificate that was issued for the RUC of the issuer.',
    },
  },
  UNKNOWN_AUTHORITY: {
    es: {
      message: 'El certificado no es de una entidad de certificación del Ecuador que este servicio conozca.',
      remedy: 'Compruebe que la entidad esté acreditada; si lo está, puede usarlo.',
    },
    en: {
      message: 'The certificate is of no Ecuadorian certification authority that this service knows.',
      remedy: 'See that the authority is accredited; if it is, the certificate can be used.',
    },
  },
  PROBE_FAILED: {
    es: {
      message: 'Una firma de prueba hecha con el certificado no se pudo verificar.',
      remedy: 'No lo use, y avise a quien opera el servicio.',
    },
    en: {
      message: 'A probe signed with the certificate could not be verified.',
      remedy: 'Do not use it, and tell whoever runs the service.',
    },
  },
};

/** Why a certificate of the file is not the one that signs. */
export const NOT_CHOSEN_WORDS: Readonly<Record<NotChosen, Readonly<Record<Language, string>>>> = {
  AUTHORITY: { es: 'Es de una entidad de certificación.', en: 'It is a certification authority’s.' },
  NO_KEY: { es: 'Su clave privada no está en el archivo.', en: 'Its private key is not in the file.' },
  NOT_FOR_SIGNING: {
    es: 'No es para firmar, sino para otros usos.',
    en: 'It is not for signatures, but for other uses.',
  },
  KEY_UNUSABLE: {
    es: 'Su clave no es RSA de 2048 a 4096 bits.',
    en: 'Its key is not RSA of 2048 to 4096 bits.',
  },
  ANOTHER_IS_VALID_LONGER: { es: 'Otro del archivo vale por más tiempo.', en: 'Another in the file is valid longer.' },
};
