import type { Request } from 'express';
import { Problem } from '../../lib/errors.ts';
import type { PictureFormat } from '../../raster/painter.ts';
import { PICTURE_TYPES } from '../kit/media-types.ts';
import { choiceParameter } from '../kit/parameters.ts';

/** `f` of a picture whose path has no format. */
export const pictureParameters = {
  f: choiceParameter({ vi: 'Định dạng, thay cho Accept', en: 'Format, in place of Accept' }, ['png', 'webp']),
};

/**
 * Returns the format of a picture: `f`, else that preferred by Accept, PNG by default.
 * @throws Problem not-acceptable
 */
export function negotiatePicture(request: Request, f: PictureFormat | undefined): PictureFormat {
  if (f) return f;
  const accepted = request.accepts(Object.values(PICTURE_TYPES));
  if (accepted === false) {
    throw new Problem('not-acceptable', {
      vi: 'Có PNG (f=png) và WebP (f=webp).',
      en: 'There is PNG (f=png) and WebP (f=webp).',
    });
  }
  return accepted === PICTURE_TYPES.webp ? 'webp' : 'png';
}
