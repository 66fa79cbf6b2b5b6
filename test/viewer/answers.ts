/** Compiles only if each answer of the server holds all that the viewer reads of it. */
import type { BufferValues } from '../../src/analysis/buffer/outputs.ts';
import type { PresetRow } from '../../src/analysis/buffer/preset-schema.ts';
import type { OverlayRow } from '../../src/analysis/parts/row-schema.ts';
import type { collectionSchema } from '../../src/http/common/collection.ts';
import type { ProcessDocument, StatusDocument, SummaryDocument } from '../../src/http/processes/schemas.ts';
import type { searchSchema } from '../../src/http/search/search-shapes.ts';
import type { seriesDocumentSchema, stationFeatureSchema } from '../../src/http/stations/station-shapes.ts';
import type { ValueOf } from '../../src/lib/schema.ts';
import type { parcelSchema } from '../../src/parcels/parcel.ts';
import type { tileJsonSchema } from '../../src/tiles/tilejson.ts';
import type { Bounds, ParcelFeature } from '../../src/viewer/api.ts';
import type { BufferResult, Preset } from '../../src/viewer/buffer-api.ts';
import type { ProcessDescription, ProcessSummary } from '../../src/viewer/processes-api.ts';
import type { SearchAnswer } from '../../src/viewer/search-api.ts';
import type { Series, Station } from '../../src/viewer/station-api.ts';
import type { ZoneRow } from '../../src/viewer/zones-section.ts';

/** An answer as JSON, which whoever receives it may change. */
type Received<T> = T extends object ? { -readonly [K in keyof T]: Received<T[K]> } : T;

type Reads<Read, Answer extends Read> = [Read, Answer];

export type Answers = [
  Reads<Station, Received<ValueOf<typeof stationFeatureSchema>['properties']>>,
  Reads<Series, Received<ValueOf<typeof seriesDocumentSchema>>>,
  Reads<SearchAnswer, Received<ValueOf<typeof searchSchema>>>,
  Reads<ParcelFeature, Received<ValueOf<typeof parcelSchema>>>,
  Reads<ZoneRow, Received<OverlayRow>>,
  Reads<Preset, Received<PresetRow>>,
  Reads<Omit<BufferResult, 'job' | 'links'>, Received<BufferValues>>,
  Reads<ProcessSummary, Received<SummaryDocument>>,
  Reads<ProcessDescription, Received<ProcessDocument>>,
  Reads<{ readonly status: string; readonly progress?: number }, Received<StatusDocument>>,
  Reads<{ id: string; title?: string; links?: { rel: string }[] }, Received<ValueOf<typeof collectionSchema>>>,
  Reads<{ bounds?: Bounds }, Received<ValueOf<typeof tileJsonSchema>>>,
];
