import type { Layer } from '../../catalog/layer.ts';
import { readFeatureText } from '../../geo/geojson.ts';
import type { Services } from '../../services.ts';
import { frame, layersStep, trailTo } from '../html/frame.ts';
import { html } from '../html/html.ts';
import { page } from '../html/layout.ts';
import { smallMap } from '../html/small-map.ts';
import { collectionUrl, type DocumentPlace } from '../kit/document.ts';
import type { Reply } from '../kit/reply.ts';
import { fieldHeading } from './field-heading.ts';
import { showValue } from './items-page.ts';

interface FeaturePageSource {
  readonly services: Services;
  readonly layer: Layer;
  /** GeoJSON. */
  readonly feature: string;
  readonly place: DocumentPlace;
}

export function featurePage({ services, layer, feature, place }: FeaturePageSource): Reply {
  const { base, language } = place;
  const { id, geometry, properties } = readFeatureText<Record<string, unknown>>(feature);
  const collection = collectionUrl(base, layer.id);
  return page({
    ...frame(services, place),
    title: `${layer.title[language]}: ${id}`,
    trail: trailTo(
      place,
      layersStep(place),
      [layer.id, collection],
      [{ vi: 'Các đối tượng', en: 'Features' }[language], `${collection}/items`],
    ),
    body: html`${smallMap(base, [{ geometry, title: String(id) }])}
<dl>${layer.fields.map(
      (field) =>
        html`<dt>${fieldHeading(field, language)}</dt><dd>${showValue(properties[field.name], field.type, language)}</dd>`,
    )}</dl>`,
  });
}
