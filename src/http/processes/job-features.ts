import type { Principal } from '../../access/principal.ts';
import { resultLayerId } from '../../catalog/result-layer.ts';
import { invalidParameter, notFound } from '../../lib/errors.ts';
import type { Job, JobLayer } from '../../results/job.ts';
import type { Services } from '../../services.ts';
import { collectionUrl } from '../kit/document.ts';
import { endpoint } from '../kit/endpoint.ts';
import { baseUrl } from '../kit/links.ts';
import { textParameter } from '../kit/parameters.ts';
import { empty, type Reply } from '../kit/reply.ts';
import { jobPath, RESULT_PROBLEMS, requireJob } from './job.ts';
import { requireOutcome } from './results.ts';

const LOCATION = { Location: { vi: 'Địa chỉ của lớp kết quả', en: 'Address of the layer of the result' } };
/** The same method at another address. */
const REDIRECT = 307;

/** @throws Problem not-found if the process returned no layers */
async function requireLayers(services: Services, job: Job, principal: Principal): Promise<readonly JobLayer[]> {
  const { layers } = await requireOutcome(services, job, principal);
  if (layers.length) return layers;
  throw notFound({
    vi: `Kết quả của "${job.process}" không có lớp nào trên bản đồ; xem /jobs/${job.id}/results.`,
    en: `A result of "${job.process}" has no layers; see /jobs/${job.id}/results.`,
  });
}

/** @param name absent: the first layer */
function chosen(layers: readonly JobLayer[], name: string | undefined): JobLayer {
  const layer = name === undefined ? layers[0] : layers.find(({ id }) => id === name);
  if (layer) return layer;
  const known = layers.map(({ id }) => id).join(', ');
  throw invalidParameter('layer', { vi: `một lớp của kết quả: ${known}`, en: `a layer of the result: ${known}` });
}

function redirect(location: string): Reply {
  return empty(REDIRECT, { location });
}

/** Short addresses of a result's layers, which are collections. */
export function jobFeatureEndpoints(services: Services) {
  return {
    features: endpoint({
      tag: 'processes',
      summary: {
        vi: 'Chuyển đến các đối tượng của một lớp kết quả',
        en: 'Redirects to the items of a layer of a result',
      },
      pathParameters: jobPath,
      queryParameters: { layer: textParameter({ vi: 'Lớp; trống: lớp đầu', en: 'Layer; absent: the first' }) },
      responses: { [REDIRECT]: { content: {}, headers: LOCATION } },
      problems: RESULT_PROBLEMS,
      handle: async ({ path, query, principal, http }) => {
        const job = await requireJob(services, path.job, principal);
        const { id } = chosen(await requireLayers(services, job, principal), query.layer);
        const layer = resultLayerId({ job: job.id, id });
        return redirect(`${collectionUrl(baseUrl(services.config, http), layer)}/items`);
      },
    }),
    tileJson: endpoint({
      tag: 'processes',
      summary: { vi: 'Chuyển đến bộ ô của mọi lớp kết quả', en: 'Redirects to the tiles of all layers of a result' },
      pathParameters: jobPath,
      responses: { [REDIRECT]: { content: {}, headers: LOCATION } },
      problems: RESULT_PROBLEMS,
      handle: async ({ path, principal, http }) => {
        const job = await requireJob(services, path.job, principal);
        const ids = (await requireLayers(services, job, principal)).map(({ id }) => resultLayerId({ job: job.id, id }));
        return redirect(`${baseUrl(services.config, http)}/xyz/${ids.join(',')}/tilejson.json`);
      },
    }),
  };
}
