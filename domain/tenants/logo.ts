import type { FieldProblem } from '../model/document.ts';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Refusal } from '../refusal.ts';
import { Logo, type LogoMediaType } from '../store/entities/issuer.ts';
import type { TenantContext } from './context.ts';
import { workOnIssuer } from './issuers.ts';
import { pictureSize } from './picture-size.ts';

export const MAX_LOGO_BYTES = 500 * 1024;
/** A side; a few bytes can claim a picture that takes gigabytes to look at. */
export const MAX_LOGO_PIXELS = 4_000;

/** How each begins (PNG third edition, §5.2; ITU-T T.81, annex B; GIF89a, §17). */
const BEGINNINGS: readonly { mediaType: LogoMediaType; bytes: Buffer }[] = [
  { mediaType: 'image/png', bytes: Buffer.from('\x89PNG\r\n\x1a\n', 'latin1') },
  { mediaType: 'image/jpeg', bytes: Buffer.from([0xff, 0xd8, 0xff]) },
  { mediaType: 'image/gif', bytes: Buffer.from('GIF87a') },
  { mediaType: 'image/gif', bytes: Buffer.from('GIF89a') },
];

/** What kind of picture it is, by its bytes: names and declared types say what their sender likes. */
export function logoMediaType(image: Uint8Array): LogoMediaType | undefined {
  return BEGINNINGS.find(({ bytes }) => bytes.equals(image.subarray(0, bytes.length)))?.mediaType;
}

/** What is wrong with a picture in the field `logo`. */
export function logoProblems(image: Buffer): FieldProblem[] {
  if (image.length > MAX_LOGO_BYTES) return [{ field: 'logo', message: 'must not be larger than 500 kB' }];
  const size = logoMediaType(image) && pictureSize(image);
  if (size === undefined || size.width === 0 || size.height === 0) {
    return [{ field: 'logo', message: 'must be a PNG, JPEG or GIF image' }];
  }
  const isHuge = Math.max(size.width, size.height) > MAX_LOGO_PIXELS;
  return isHuge ? [{ field: 'logo', message: `must not have more than ${MAX_LOGO_PIXELS} pixels a side` }] : [];
}

/** Keeps the picture as an issuer's, in place of any other. @param image one without `logoProblems` */
export async function keepLogo(
  em: EntityManager,
  { id: issuerId, tenantId }: { id: string; tenantId: string },
  image: Buffer,
): Promise<void> {
  await em.upsert(Logo, { issuerId, tenantId, mediaType: logoMediaType(image)!, image });
}

/** @throws Refusal VALIDATION_FAILED, ISSUER_FORBIDDEN, ISSUER_NOT_FOUND */
export async function changeLogo(ctx: TenantContext, tenantId: string, issuerId: string, image: Buffer): Promise<void> {
  const problems = logoProblems(image);
  if (problems.length > 0) throw new Refusal('VALIDATION_FAILED', 'The logo is not acceptable.', problems);
  await workOnIssuer(ctx, tenantId, issuerId, (em, issuer) => keepLogo(em, issuer, image));
}
