import { type Model, wardOf } from './model.ts';
import { mix } from './random.ts';

/** The parts of the addresses in one cell. */
export interface Neighbourhood {
  /** Sides along a named street. */
  readonly sides: readonly { readonly from: number; readonly to: number; readonly name: string }[];
  /** "khu phố 3, phường Phú Lợi" */
  readonly place: string;
}

export function neighbourhoodOf(model: Model, cell: number): Neighbourhood {
  const { mesh, net } = model;
  const corners = mesh.corners[cell]!;
  const sides = corners.flatMap((from, side) => {
    const to = corners[(side + 1) % corners.length]!;
    const street = net.streetOf(from, to);
    const name = street === undefined ? null : net.streets[street]!.name;
    return name ? [{ from, to, name }] : [];
  });
  const ward = wardOf(model, cell)!;
  const patch = mesh.seeds.patches.find(mesh.seeds.x[cell]!, mesh.seeds.y[cell]!);
  const number = 1 + (mix(patch, model.assignment.ward[cell]!) % 9);
  const unit = ward.fullName.charAt(0).toLowerCase() + ward.fullName.slice(1);
  return { sides, place: `${ward.urban ? 'khu phố' : 'ấp'} ${number}, ${unit}` };
}

/**
 * Returns an address such as "Đường Huỳnh Văn Lũy, khu phố 3, phường Phú Lợi". It uses the nearest named street, or a
 * lane of it beyond 40 m.
 */
export function addressOf(
  { mesh }: Model,
  { sides, place }: Neighbourhood,
  { x, y }: { readonly x: number; readonly y: number },
): string {
  let [best, name] = [Number.POSITIVE_INFINITY, ''];
  for (const side of sides) {
    const distance = distanceToSide(mesh.vertices, side.from, side.to, [x, y]);
    if (distance < best) [best, name] = [distance, side.name];
  }
  if (!name) return place.charAt(0).toUpperCase() + place.slice(1);
  return `${best > 40 ? 'Hẻm đường' : 'Đường'} ${name}, ${place}`;
}

function distanceToSide(vertices: Float64Array, from: number, to: number, [x, y]: readonly [number, number]): number {
  const [ax, ay] = [vertices[2 * from]!, vertices[2 * from + 1]!];
  const [dx, dy] = [vertices[2 * to]! - ax, vertices[2 * to + 1]! - ay];
  const t = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(ax + t * dx - x, ay + t * dy - y);
}
