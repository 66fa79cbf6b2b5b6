import { z } from 'zod';
import { OVERLAY_OUTPUTS, type OverlayValues } from '../../analysis/overlay/outputs.ts';
import {
  type Overlaid,
  type PreparedOverlay,
  prepareOverlay,
  runOverlay,
} from '../../analysis/overlay/overlay-analysis.ts';
import { overlayValues } from '../../analysis/overlay/overlay-values.ts';
import { CORRIDORS, PLANNING } from '../../analysis/parts/treatment.ts';
import type { ParcelFeature } from '../../parcels/parcel.ts';
import type { Services } from '../../services.ts';
import { type Html, html } from '../html/html.ts';
import { htmlTable, shownNumber } from '../html/layout.ts';
import type { DocumentPlace } from '../kit/document.ts';
import type { Incoming } from '../kit/endpoint.ts';

/** Members of an overlay that the card of a parcel gives, by their names there. */
export const parcelZonesSchema = z.strictObject({
  parcel: z.int(),
  areaM2: z.number(),
  themes: OVERLAY_OUTPUTS.themes.schema,
  rows: OVERLAY_OUTPUTS.rows.schema,
  coverage: OVERLAY_OUTPUTS.coverage.schema,
  notes: OVERLAY_OUTPUTS.notes.schema,
});
export type ParcelZones = z.infer<typeof parcelZonesSchema>;

type ZonesIncoming = Pick<Incoming<never, never>, 'principal' | 'signal'>;

/**
 * Returns the plans and corridors that apply to a parcel. The numbers are those of the process `overlay`, which it runs
 * for these layers only.
 */
export async function zonesOfParcel(
  services: Services,
  id: number,
  { principal, signal }: ZonesIncoming,
): Promise<ParcelZones> {
  const { db, config, catalogFor } = services;
  const catalog = catalogFor(principal);
  const request = {
    source: { kind: 'features', layer: catalog.requireLayer('land.parcel'), ids: [id] } as const,
    layers: [PLANNING, CORRIDORS].flatMap((layer) => catalog.find(layer) ?? []),
    within: 0,
  };
  const prepared: PreparedOverlay = await prepareOverlay(db, request, config.srid, { signal });
  const overlaid: Overlaid = await runOverlay(db, prepared, { signal, prepared: true });
  const { place, themes, rows, coverage, notes } = overlayValues(prepared, overlaid);
  return { parcel: id, areaM2: place.areaM2, themes, rows, coverage, notes };
}

const WORDS = {
  vi: {
    title: 'Quy hoạch và hành lang tại thửa đất',
    headings: ['Chủ đề', 'Ký hiệu', 'Tên', 'Diện tích (m²)', '%', 'Quyết định', 'Thời kỳ', 'Căn cứ'],
  },
  en: {
    title: 'Plans and corridors at the parcel',
    headings: ['Theme', 'Code', 'Name', 'Area (m²)', '%', 'Decision', 'Period', 'Basis'],
  },
};

/** Renders the state of each theme, the rows, and what the data does not cover. */
export function zonesSection({ themes, rows, coverage }: ParcelZones, { language }: DocumentPlace): Html {
  const words = WORDS[language];
  const titleOf = (row: OverlayValues['rows'][number]) =>
    themes.find(({ theme }) => theme === row.theme)?.title[language] ?? row.theme;
  const lines = rows.map((row) => [
    ...[titleOf(row), row.code, row.name[language], shownNumber(row.areaM2, language)],
    ...[shownNumber(row.percent, language), row.decision, row.period],
    row.basisStatusText ? `${row.basis ?? ''} (${row.basisStatusText[language]})` : row.basis,
  ]);
  return html`<h2>${words.title}</h2>
<ul class="plain">${themes.map(({ title, stateText }) => html`<li>${title[language]}: ${stateText[language]}</li>`)}</ul>
${lines.length > 0 && htmlTable(words.headings, lines)}
${coverage.map(({ sentence }) => sentence && html`<p>${sentence[language]}</p>`)}`;
}

/** Returns the address of the zones of a parcel. */
export function zonesUrl({ id }: Pick<ParcelFeature, 'id'>, { base }: Pick<DocumentPlace, 'base'>): string {
  return `${base}/parcels/${id}/zones`;
}
