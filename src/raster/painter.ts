import sharp, { type Sharp } from 'sharp';
import { Problem } from '../errors.ts';

export type PictureFormat = 'png' | 'webp';

/** Pictures being painted at a time: each holds up to 64 MB of pixels, and libuv has four threads. */
const AT_ONCE = 3;
/** Pictures that may wait: beyond, a client does better to ask again. */
const QUEUE = 200;

/** Paints SVG in the threads of sharp, a few pictures at a time. */
export class Painter {
  readonly #waiting: (() => void)[] = [];
  #busy = 0;

  picture(svg: string, format: PictureFormat, isTransparent: boolean): Promise<Uint8Array> {
    return this.#inTurn(() => encode(paint(svg, isTransparent), format));
  }

  /** The quarters of what is painted: upper left, upper right, lower left, lower right. */
  quarters(svg: string, format: PictureFormat, isTransparent: boolean): Promise<Uint8Array[]> {
    return this.#inTurn(async () => {
      const { data, info } = await paint(svg, isTransparent).raw().toBuffer({ resolveWithObject: true });
      const [width, height] = [info.width / 2, info.height / 2];
      const corners = [0, height].flatMap((top) => [0, width].map((left) => ({ left, top, width, height })));
      const raw = { width: info.width, height: info.height, channels: info.channels };
      return Promise.all(corners.map((corner) => encode(sharp(data, { raw }).extract(corner), format)));
    });
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#busy >= AT_ONCE) {
      if (this.#waiting.length >= QUEUE) {
        throw new Problem('overloaded', {
          vi: 'Máy chủ đang vẽ quá nhiều ảnh; xin thử lại sau ít giây.',
          en: 'The server is drawing too many pictures; try again in a few seconds.',
        });
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#busy++;
    try {
      return await work();
    } finally {
      // The place is handed on: `#busy` stays as it is.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#busy--;
    }
  }
}

function paint(svg: string, isTransparent: boolean): Sharp {
  // A densely built-up picture is some megabytes of SVG, more than libxml takes from strangers.
  const image = sharp(Buffer.from(svg), { unlimited: true });
  return isTransparent ? image.ensureAlpha() : image.flatten({ background: '#ffffff' });
}

async function encode(image: Sharp, format: PictureFormat): Promise<Uint8Array> {
  // Maps are flat colours and letters: without loss WebP is the smaller of the two, and keeps letters sharp.
  const encoded = format === 'png' ? image.png({ compressionLevel: 6 }) : image.webp({ lossless: true, effort: 2 });
  return encoded.toBuffer();
}
