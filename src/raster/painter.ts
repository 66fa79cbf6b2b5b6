import sharp, { type Sharp } from 'sharp';

export type PictureFormat = 'png' | 'webp';

// No picture is painted twice, so libvips' cache would waste memory.
sharp.cache(false);

/** Paints SVG in the threads of sharp. */
export function paintPicture(svg: string, format: PictureFormat, isTransparent: boolean): Promise<Uint8Array> {
  return encodePicture(paintSvg(svg, isTransparent), format);
}

/** Paints the four quarters of a picture: upper left, upper right, lower left, lower right. */
export async function paintQuarters(svg: string, format: PictureFormat, isTransparent: boolean): Promise<Uint8Array[]> {
  const { data, info } = await paintSvg(svg, isTransparent).raw().toBuffer({ resolveWithObject: true });
  const [width, height] = [info.width / 2, info.height / 2];
  const corners = [0, height].flatMap((top) => [0, width].map((left) => ({ left, top, width, height })));
  const raw = { width: info.width, height: info.height, channels: info.channels };
  return Promise.all(corners.map((corner) => encodePicture(sharp(data, { raw }).extract(corner), format)));
}

function paintSvg(svg: string, isTransparent: boolean): Sharp {
  // A densely built-up picture is some megabytes of SVG, more than libxml accepts by default.
  const image = sharp(Buffer.from(svg), { unlimited: true });
  return isTransparent ? image.ensureAlpha() : image.flatten({ background: '#ffffff' });
}

async function encodePicture(image: Sharp, format: PictureFormat): Promise<Uint8Array> {
  // Maps are flat colours and letters. Lossless WebP is smaller than lossy, and its letters stay sharp.
  const encoded = format === 'png' ? image.png({ compressionLevel: 6 }) : image.webp({ lossless: true, effort: 2 });
  return encoded.toBuffer();
}
