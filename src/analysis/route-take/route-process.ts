import type { Database } from '../../database/database.ts';
import type { Process } from '../process.ts';
import { ROUTE_INPUTS, type RouteInputs, readRouteRequest } from './inputs.ts';
import { ROUTE_OUTPUTS, type RouteValues } from './outputs.ts';
import { type PreparedRoute, RouteAnalysis } from './route-analysis.ts';

import { routeSheets } from './sheets.ts';

/**
 * Returns the process that computes what a corridor along a line takes of the parcels.
 * @param homeSrid VN-2000 zone of the province
 */
export function routeTakeProcess(db: Database, homeSrid: number): Process<RouteInputs, PreparedRoute> {
  const analysis = new RouteAnalysis(db, homeSrid);
  return {
    id: 'route-take',
    version: '1.0.0',
    title: { vi: 'Thu hồi đất theo tuyến', en: 'Land taken by a route' },
    description: {
      vi: 'Đất của từng thửa nằm trong hành lang dọc một tuyến: lý trình, loại đất, diện tích thu hồi và còn lại, thửa còn lại quá nhỏ, nhà bị chạm; cộng theo loại đất, đơn vị và quy hoạch.',
      en: 'What a corridor along a line takes of each parcel: chainage, uses, areas taken and left, remnants, buildings touched; sums by use, unit and planning zone.',
    },
    inputs: ROUTE_INPUTS,
    alternatives: [['geometry', 'features', 'corners']],
    outputs: ROUTE_OUTPUTS,
    prepare: (inputs, context) =>
      analysis.prepare(readRouteRequest(inputs, context, homeSrid), { signal: context.signal }),
    run: (prepared, context) => analysis.run(prepared, context),
    sheets: (values, language) => routeSheets(values as RouteValues, language),
  };
}
