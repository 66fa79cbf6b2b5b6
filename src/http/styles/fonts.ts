import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { notFound } from '../../lib/errors.ts';
import { endpoint } from '../kit/endpoint.ts';
import { choiceParameter, type Parameter, required, textParameter } from '../kit/parameters.ts';
import { bytesReply } from '../kit/reply.ts';

/**
 * The only font. npm's `tileserver-gl-styles` distributes it with every Vietnamese letter (ranges 0, 256, 7680, 8192).
 */
const FONT = 'Noto Sans Regular';
const FOLDER = join(createRequire(import.meta.url).resolve('tileserver-gl-styles/package.json'), '..', 'fonts', FONT);
/** Ranges of 256 glyphs over the basic multilingual plane. */
const RANGES = Array.from({ length: 256 }, (_, index) => `${index * 256}-${index * 256 + 255}`);

/** Glyphs change only with a new version of the package. */
const FOR_A_WEEK = { 'cache-control': 'public, max-age=604800' };

export function fontEndpoints() {
  return {
    range: endpoint({
      tag: 'styles',
      summary: { vi: 'Nét chữ của nhãn bản đồ', en: 'Glyphs of the map labels' },
      pathParameters: {
        stack: required(
          textParameter({ vi: 'Tên các phông, cách nhau bằng dấu phẩy', en: 'Names of fonts, separated by commas' }),
        ),
        range: required(rangeParameter),
      },
      responses: { 200: ['application/x-protobuf'] },
      problems: [],
      handle: async ({ path }) => {
        const names = path.stack.split(',').map((name) => name.trim());
        if (!names.includes(FONT)) {
          throw notFound({ vi: `Không có phông này. Có: ${FONT}.`, en: `There is no such font. There is: ${FONT}.` });
        }
        return bytesReply(await readFile(join(FOLDER, `${path.range}.pbf`)), 'application/x-protobuf', {
          headers: FOR_A_WEEK,
        });
      },
    }),
  };
}

const rangeParameter: Parameter<string> = {
  ...choiceParameter({ vi: 'Khoảng mã ký tự', en: 'Range of code points' }, RANGES),
  expected: { vi: 'khoảng 256 mã, ví dụ 7680-7935', en: 'a range of 256 code points, e.g. 7680-7935' },
};
