import { describe, expect, it } from 'vitest';
import { logoMediaType, logoProblems, MAX_LOGO_BYTES, MAX_LOGO_PIXELS } from '../../../domain/tenants/logo.ts';
import { pictureSize } from '../../../domain/tenants/picture-size.ts';
import { GIF, JPEG, png } from '../../support/pictures.ts';

const PNG = png(3, 2);
const NONE = [{ field: 'logo', message: 'must be a PNG, JPEG or GIF image' }];

describe('a logo', () => {
  it.each([
    ['image/png', PNG, { width: 3, height: 2 }],
    ['image/jpeg', JPEG, { width: 640, height: 480 }],
    ['image/gif', GIF, { width: 1, height: 1 }],
    ['image/gif', Buffer.from('GIF87a\x05\x00\x07\x01', 'latin1'), { width: 5, height: 263 }],
  ])('is %s by its first bytes', (mediaType, beginning, size) => {
    const image = Buffer.concat([beginning, Buffer.from('and more')]);
    expect(logoMediaType(image)).toBe(mediaType);
    expect(pictureSize(image)).toEqual(size);
    expect(logoProblems(image)).toEqual([]);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['the half of a beginning', PNG.subarray(0, 7)],
    ['a beginning alone', PNG.subarray(0, 16)],
    ['a JPEG without a frame', Buffer.concat([JPEG.subarray(0, 20), Buffer.from('ffd9', 'hex')])],
    ['a picture of no height', png(3, 0)],
    ['a vector image', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['a bitmap', Buffer.from('BM\0\0\0\0')],
    ['a picture behind something else', Buffer.concat([Buffer.from(' '), PNG])],
  ])('is not %s', (_, image) => {
    expect(logoProblems(image)).toEqual(NONE);
  });

  it('is read to its end and no further, wherever it breaks off', () => {
    for (const image of [PNG, JPEG, GIF]) {
      for (let length = 0; length < image.length; length++) {
        expect(() => logoProblems(image.subarray(0, length))).not.toThrow();
      }
    }
  });

  it('has up to 500 kB', () => {
    const image = Buffer.alloc(MAX_LOGO_BYTES);
    PNG.copy(image);
    expect(logoProblems(image)).toEqual([]);
    expect(logoProblems(Buffer.concat([image, Buffer.alloc(1)]))).toMatchObject([{ field: 'logo' }]);
  });

  it('has up to 4,000 pixels a side: a small file could claim gigabytes', () => {
    expect(logoProblems(png(MAX_LOGO_PIXELS, 1))).toEqual([]);
    expect(logoProblems(png(1, MAX_LOGO_PIXELS + 1))).toMatchObject([{ message: expect.stringContaining('4000') }]);
  });
});
