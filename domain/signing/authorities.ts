/** Where an Ecuadorian certification authority writes the taxpayer's numbers: as extensions or in the SAN's otherName. */
export interface Authority {
  name: string;
  ruc: string;
  cedula?: string;
}

const enterprise = '1.3.6.1.4.1';

function arc(name: string, base: string): Authority {
  return { name, ruc: `${enterprise}.${base}.3.11`, cedula: `${enterprise}.${base}.3.1` };
}

/** The authorities that the government's FirmaEC knows, with the object identifiers it reads (sri.md §4, "P12 facts"). */
export const AUTHORITIES: readonly Authority[] = [
  arc('Security Data', '37746'),
  arc('Banco Central del Ecuador', '37947'),
  arc('ANF AC', '37442'),
  arc('ANF AC', '18332'),
  arc('UANATACA', '47286.102'),
  arc('Consejo de la Judicatura', '43745.1'),
  arc('Eclipsoft', '57153.102'),
  arc('Datil', '52643'),
  arc('Lazzate', '59382'),
  arc('Alpha Technologies', '56105'),
  arc('Argos Data', '59198'),
  arc('Firma Segura', '61305'),
  arc('Corp New Best', '34380'),
  { name: 'Digercic', ruc: `${enterprise}.55519.1.1.1.5.2.4` },
];

/** What an authority that joined after this table was written would use. */
export const ANY_RUC = /^1\.3\.6\.1\.4\.1\.\d+(?:\.\d+)*\.3\.11$/;
export const ANY_CEDULA = /^1\.3\.6\.1\.4\.1\.\d+(?:\.\d+)*\.3\.1$/;
