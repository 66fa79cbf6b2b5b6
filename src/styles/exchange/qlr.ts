import { type Xml, xml } from '../../lib/xml.ts';
import { QGIS_SCALE_0, scaleAt } from './units.ts';

/** A layer of QGIS with its data source and its symbology. */
export interface DefinedLayer {
  /** Unique in the file. */
  readonly id: string;
  readonly name: string;
  readonly isOn: boolean;
  readonly symbology: Xml;
}

export interface QlrTileLayer extends DefinedLayer {
  /** Template with {z}, {x} and {y}. */
  readonly url: string;
  readonly minZoom: number;
  readonly maxZoom: number;
}

export interface FeatureLayer extends DefinedLayer {
  /** URL of the WFS. */
  readonly url: string;
  readonly typeName: string;
  readonly srid: number;
  /** PROJ text of the CRS, since QGIS does not look up an EPSG code in these files. */
  readonly projection: string;
  /** Zoom of MapLibre below which there would be too many features to see. */
  readonly fromZoom: number;
}

/** A group of layers that QGIS opens at once from a layer definition (`.qlr`). */
export interface LayerDefinition {
  readonly title: string;
  readonly tiles: QlrTileLayer;
  /** From above. */
  readonly features: readonly FeatureLayer[];
  readonly featuresTitle: string;
}

/**
 * Returns a layer definition with the tiles in the style. Beneath, switched off, are the features by WFS, which QGIS
 * loads when somebody switches one on.
 */
export function layerDefinition({ title, tiles, features, featuresTitle }: LayerDefinition): string {
  const document = xml`<qlr>
  <layer-tree-group name="" checked="Qt::Checked" expanded="1">
    <layer-tree-group name="${title}" checked="Qt::Checked" expanded="1">
      ${treeLayer(tiles, 'vectortile')}
      <layer-tree-group name="${featuresTitle}" checked="Qt::Checked" expanded="0">
        ${features.map((layer) => treeLayer(layer, 'WFS'))}
      </layer-tree-group>
    </layer-tree-group>
  </layer-tree-group>
  <maplayers>${tileLayer(tiles)}${features.map(qgisLayer)}</maplayers>
</qlr>`;
  return `<!DOCTYPE qgis-layer-definition>\n${document.text}\n`;
}

function treeLayer({ id, name, isOn }: DefinedLayer, provider: string): Xml {
  return xml`<layer-tree-layer id="${id}" name="${name}" checked="${isOn ? 'Qt::Checked' : 'Qt::Unchecked'}" expanded="0" providerKey="${provider}"/>`;
}

function tileLayer({ id, name, symbology, url, minZoom, maxZoom }: QlrTileLayer): Xml {
  return xml`<maplayer type="vector-tile" styleCategories="AllStyleCategories" hasScaleBasedVisibilityFlag="0">
    <id>${id}</id><datasource>type=xyz&amp;url=${encodeURIComponent(url)}&amp;zmin=${minZoom}&amp;zmax=${maxZoom}</datasource>
    <layername>${name}</layername>${symbology}</maplayer>`;
}

function qgisLayer(layer: FeatureLayer): Xml {
  const { id, name, symbology, url, typeName, srid, projection, fromZoom } = layer;
  const source = `pagingEnabled='true' restrictToRequestBBOX='1' srsname='EPSG:${srid}' typename='${typeName}' url='${url}' version='2.0.0'`;
  return xml`<maplayer type="vector" styleCategories="AllStyleCategories" labelsEnabled="1" hasScaleBasedVisibilityFlag="1"
      minScale="${scaleAt(QGIS_SCALE_0, fromZoom)}" maxScale="0">
    <id>${id}</id><datasource>${source}</datasource><layername>${name}</layername>
    <srs><spatialrefsys><proj4>${projection}</proj4><authid>EPSG:${srid}</authid></spatialrefsys></srs>
    <provider encoding="UTF-8">WFS</provider>${symbology}</maplayer>`;
}
