import { describe, expect, it } from 'vitest';
import { logoMediaType, logoProblems, MAX_LOGO_BYTES } from '../../../domain/tenants/logo.ts';

const PNG = Buffer.from('89504e470d0a1a0a', 'hex');

describe('a logo', () => {
  it.each([
    ['image/png', PNG],
    ['image/jpeg', Buffer.from('ffd8ffe1', 'hex')],
    ['image/gif', Buffer.from('GIF87a')],
    ['image/gif', Buffer.from('GIF89a')],
  ])('is %s by its first bytes', (mediaType, beginning) => {
    const image = Buffer.concat([beginning, Buffer.from('and more')]);
    expect(logoMediaType(image)).toBe(mediaType);
    expect(logoProblems(image)).toEqual([]);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['the half of a beginning', PNG.subarray(0, 7)],
    ['a vector image', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['a bitmap', Buffer.from('BM\0\0\0\0')],
    ['a picture behind something else', Buffer.concat([Buffer.from(' '), PNG])],
  ])('is not %s', (_, image) => {
    expect(logoProblems(image)).toEqual([{ field: 'logo', message: 'must be a PNG, JPEG or GIF image' }]);
  });

  it('has up to 500 kB', () => {
    const image = Buffer.alloc(MAX_LOGO_BYTES);
    PNG.copy(image);
    expect(logoProblems(image)).toEqual([]);
    expect(logoProblems(Buffer.concat([image, Buffer.alloc(1)]))).toMatchObject([{ field: 'logo' }]);
  });
});
