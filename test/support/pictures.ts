import { crc32, deflateSync } from 'node:zlib';

/** A whole PNG of one colour. */
export function png(width: number, height: number, [red, green, blue]: readonly number[] = [11, 79, 156]): Buffer {
  const row = Buffer.concat([
    Buffer.alloc(1),
    Buffer.from(Array.from({ length: width }, () => [red!, green!, blue!]).flat()),
  ]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(Array.from({ length: height }, () => row)))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/** A whole GIF, of one point. */
export const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** The head of a JPEG of 640 by 480, after a segment that is passed over. */
export const JPEG = Buffer.from('ffd8ffe000104a46494600010100000100010000ffffc0000b0801e002800101110000', 'hex');
