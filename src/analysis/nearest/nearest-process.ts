import { z } from 'zod';
import type { Database, QueryOptions } from '../../database/database.ts';
import { measuringSrid } from '../../geo/crs.ts';
import { roundToHundredth } from '../../lib/number.ts';
import { foundLayer, foundProperties } from '../found-rows.ts';
import type { InputValues, JobContext, Outcome, Process, ProcessInput } from '../process.ts';
import { locateSource } from '../source/locate.ts';
import { requireVietnam } from '../source/source-check.ts';
import { layerIdSchema, readSource, SOURCE_INPUTS } from '../source/source-inputs.ts';
import { inputLayer } from '../wrong-input.ts';
import { askedPlaceQuery, type NearestRequest, type NearestRow, nearestQuery } from './nearest-query.ts';
import { NEAREST_OUTPUTS, type NearestValues } from './outputs.ts';
import { nearestSheets } from './sheets.ts';

const NEAREST_LIMITS = { k: 100, within: 100_000 } as const;

const NEAREST_INPUTS = {
  ...SOURCE_INPUTS,
  layer: { description: { vi: 'Lớp cần tìm', en: 'Layer to search' }, schema: layerIdSchema },
  k: {
    description: {
      vi: `Số đối tượng, nhiều nhất ${NEAREST_LIMITS.k}`,
      en: `Number of features, at most ${NEAREST_LIMITS.k}`,
    },
    schema: z.int().gte(1).lte(NEAREST_LIMITS.k).default(10),
  },
  within: {
    description: { vi: 'Chỉ trong khoảng cách này, mét', en: 'Only within this distance in metres' },
    schema: z.number().gt(0).lte(NEAREST_LIMITS.within).default(NEAREST_LIMITS.within),
  },
} satisfies Readonly<Record<string, ProcessInput>>;

type NearestInputs = InputValues<typeof NEAREST_INPUTS>;

type PreparedNearest = Omit<NearestRequest, 'place'>;

/**
 * Returns the process that finds the features of a layer nearest to a place.
 * @param homeSrid VN-2000 zone of the province
 */
export function nearestProcess(db: Database, homeSrid: number): Process<NearestInputs, PreparedNearest> {
  return {
    id: 'nearest',
    version: '1.0.0',
    title: { vi: 'Gần nhất', en: 'Nearest features' },
    description: {
      vi: 'Các đối tượng của một lớp gần một điểm, một hình hay một đối tượng nhất; khoảng cách (m, VN-2000) và phương vị (độ, từ bắc lưới chiếu).',
      en: 'The features of a layer nearest to a point, a shape or a feature, with distance (m, VN-2000) and bearing (degrees from grid north).',
    },
    inputs: NEAREST_INPUTS,
    alternatives: [['geometry', 'features']],
    outputs: NEAREST_OUTPUTS,
    prepare: async (inputs, context) => {
      const source = readSource(inputs, context);
      const layer = inputLayer(context, inputs.layer, 'layer');
      const { box } = await locateSource(db, source, { signal: context.signal });
      requireVietnam(box);
      return {
        source,
        layer,
        k: inputs.k,
        within: inputs.within,
        zone: measuringSrid((box[0] + box[2]) / 2, homeSrid),
      };
    },
    run: (prepared, context) => runNearest(db, prepared, context),
    sheets: (values, language) => nearestSheets(values as NearestValues, language),
  };
}

async function runNearest(db: Database, asked: PreparedNearest, { signal }: JobContext): Promise<Outcome> {
  const options: QueryOptions = { signal, priority: 'background' };
  const [place] = await db.query<{ geom: string }>(askedPlaceQuery(asked.source, asked.zone), options);
  if (!place) throw new Error('the place gave no row');
  const query = nearestQuery({ ...asked, place: place.geom }, foundProperties(asked.layer));
  const rows = await db.query<NearestRow>(query, options);
  const values: NearestValues = {
    features: rows.map(({ id, distanceM, bearing, properties }, index) => ({
      rank: index + 1,
      id,
      distanceM: roundToHundredth(distanceM),
      bearing: bearing === null ? null : roundToHundredth(bearing),
      properties,
    })),
    srid: asked.zone,
  };
  const found = rows.map(({ geom, properties }) => ({ geom, properties }));
  return { values, layers: [foundLayer(asked.layer, { rows: found, srid: asked.zone, taken: [] })] };
}
