import type { Request } from 'express';
import type { PictureFormat } from '../../raster/painter.ts';
import { PICTURE_TYPES } from '../kit/media-types.ts';
import { chooseFormat } from '../kit/negotiate.ts';
import { choiceParameter } from '../kit/parameters.ts';

/** `f` of a picture whose path has no format. */
export const pictureParameters = {
  f: choiceParameter({ vi: 'Định dạng, thay cho Accept', en: 'Format, in place of Accept' }, ['png', 'webp']),
};

const FORMAT_TYPES = { png: [PICTURE_TYPES.png], webp: [PICTURE_TYPES.webp] };

/**
 * Returns the format of a picture: `f`, else that preferred by Accept, PNG by default.
 * @throws Problem not-acceptable
 */
export function negotiatePicture(request: Request, f: PictureFormat | undefined): PictureFormat {
  return chooseFormat(request, f, FORMAT_TYPES, {
    vi: 'Có PNG (f=png) và WebP (f=webp).',
    en: 'There is PNG (f=png) and WebP (f=webp).',
  });
}
