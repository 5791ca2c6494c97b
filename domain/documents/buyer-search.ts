/** A buyer's name, or part of one, as documents are searched and sorted by it: without case and accents. */
export function searchable(name: string): string {
  return name.toLowerCase().normalize('NFD').replaceAll(/\p{M}/gu, '').normalize('NFC');
}
