export interface PictureSize {
  width: number;
  height: number;
}

/** In pixels, as the head of a PNG, GIF or JPEG says; undefined when it has no such head. */
export function pictureSize(image: Buffer): PictureSize | undefined {
  // PNG third edition, §11.2.1: the header is the first chunk.
  if (image.toString('latin1', 12, 16) === 'IHDR' && image.length >= 24) {
    return { width: image.readUInt32BE(16), height: image.readUInt32BE(20) };
  }
  // GIF89a, §18.
  if (image.toString('latin1', 0, 3) === 'GIF' && image.length >= 10) {
    return { width: image.readUInt16LE(6), height: image.readUInt16LE(8) };
  }
  return image.length > 2 && image.readUInt16BE(0) === START_OF_IMAGE ? sizeOfJpeg(image) : undefined;
}

const START_OF_IMAGE = 0xff_d8;
/** The markers C0 to CF begin a frame, but for tables, a reserved one and arithmetic conditioning. */
const NO_FRAME = [0xc4, 0xc8, 0xcc];

/** ITU-T T.81, annex B: segments, each with its length, up to the head of the frame. */
function sizeOfJpeg(image: Buffer): PictureSize | undefined {
  for (let at = 2; at + 9 <= image.length && image[at] === 0xff;) {
    const marker = image[at + 1]!;
    // Any marker may have fill bytes before it.
    if (marker === 0xff) at++;
    else if (marker >= 0xc0 && marker <= 0xcf && !NO_FRAME.includes(marker)) {
      return { height: image.readUInt16BE(at + 5), width: image.readUInt16BE(at + 7) };
    } else at += 2 + image.readUInt16BE(at + 2);
  }
  return undefined;
}
