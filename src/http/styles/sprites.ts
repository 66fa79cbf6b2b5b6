import { z } from 'zod';
import { PromiseCache } from '../../lib/promise-cache.ts';
import { drawSprite, type Sprite, signsByName } from '../../styles/sprite.ts';
import { endpoint } from '../kit/endpoint.ts';
import { namedParameter } from '../kit/parameters.ts';
import { bytesReply, jsonReply, textReply } from '../kit/reply.ts';
import { bytesSchema } from '../kit/shapes.ts';

const NAME = 'diaba';
const SHEETS = [`${NAME}.json`, `${NAME}.png`, `${NAME}@2x.json`, `${NAME}@2x.png`];
const SIGNS = new Map([...signsByName().values()].map(({ name, svg }) => [`${name}.svg`, svg]));
const FILES = [...SHEETS, ...SIGNS.keys()];

const stretchSchema = z.array(z.array(z.number()).length(2));
const indexSchema = z.record(
  z.string(),
  z.strictObject({
    x: z.int(),
    y: z.int(),
    width: z.int(),
    height: z.int(),
    pixelRatio: z.number(),
    stretchX: stretchSchema.optional(),
    stretchY: stretchSchema.optional(),
    content: z.array(z.number()).length(4).optional(),
  }),
);

export function spriteEndpoints() {
  const sprites = new PromiseCache<number, Sprite>();
  return {
    file: endpoint({
      tag: 'styles',
      summary: { vi: 'Ký hiệu của bản đồ', en: 'Symbols of the map' },
      pathParameters: { file: fileParameter },
      responses: {
        200: { content: { 'application/json': indexSchema, 'image/png': bytesSchema, 'image/svg+xml': bytesSchema } },
      },
      problems: [],
      handle: async ({ path }) => {
        const sign = SIGNS.get(path.file);
        if (sign !== undefined) return textReply(sign, 'image/svg+xml');
        const ratio = path.file.includes('@2x') ? 2 : 1;
        const { index, png } = await sprites.get(ratio, () => drawSprite(ratio));
        return path.file.endsWith('.json') ? jsonReply(index) : bytesReply(png, 'image/png');
      },
    }),
  };
}

const fileParameter = namedParameter({ vi: 'tệp', en: 'file' }, new Map(FILES.map((name) => [name, name])));
