/** A language of the page. */
type Language = 'vi' | 'en';

/** A layer whose switch or opacity differs from the style's. */
export interface LayerChange {
  readonly isOn?: boolean;
  /** From 0 to 1; 1 shows the style's own opacity. */
  readonly opacity?: number;
}

/** A feature by the ids of its layer and of itself. */
export interface FeatureName {
  readonly layer: string;
  readonly id: string;
}

export type LonLat = readonly [lon: number, lat: number];

/** A plan beside the present, from a border on, in percent of the width. */
export interface SwipeView {
  readonly plan: string;
  readonly percent: number;
}

/** A parameter of the stations at an hour of the past. */
export interface HourView {
  readonly parameter: string;
  /** Begin of the ISO text in UTC: `2026-11-27T05`. */
  readonly at: string;
}

/** Everything that the address of the map holds: whoever opens it sees the same picture. */
export interface View {
  readonly place?: { readonly zoom: number; readonly lat: number; readonly lon: number };
  readonly language?: Language;
  /** Id of the shown theme; absent: all. */
  readonly theme?: string;
  readonly layers: ReadonlyMap<string, LayerChange>;
  /** Layers drawn above all others, the topmost first. */
  readonly top: readonly string[];
  readonly swipe?: SwipeView;
  readonly hour?: HourView;
  /** The clicked place, at which every feature is listed. */
  readonly at?: LonLat;
  /** The feature whose card is open. */
  readonly pick?: FeatureName;
  /** The process that was run, and its inputs as JSON; without inputs its form is open. */
  readonly run?: { readonly process: string; readonly inputs?: string };
}

/** Decimals of degrees: a centimetre, a seventh of a pixel at the closest zoom. */
const DIGITS = 7;

export const EMPTY_VIEW: View = { layers: new Map(), top: [] };

/** Parses the part of an address behind `#`. Unknown keys and malformed values are ignored. */
export function readLink(hash: string): View {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const language = given.get('lang');
  const theme = given.get('theme');
  const [zoom, lat, lon] = numbers(given.get('map'), '/', 3);
  const [east, north] = numbers(given.get('at'), ',', 2);
  const pick = readFeature(given.get('pick') ?? parcelName(given.get('parcel')));
  const process = given.get('run');
  const inputs = given.get('inputs');
  return {
    ...(zoom !== undefined && lat !== undefined && lon !== undefined && { place: { zoom, lat, lon } }),
    ...((language === 'vi' || language === 'en') && { language }),
    ...(theme && { theme }),
    layers: readLayers(given.get('layers')),
    top: given.get('top')?.split(',').filter(Boolean) ?? [],
    ...readSwipe(given.get('swipe')),
    ...readHour(given.get('hour')),
    ...(east !== undefined && north !== undefined && { at: [east, north] as const }),
    ...(pick && { pick }),
    ...(process && { run: { process, ...(inputs && { inputs }) } }),
  };
}

/** Returns the part of an address behind `#`, which {@link readLink} parses. */
export function writeLink({ place, language, theme, layers, top, swipe, hour, at, pick, run }: View): string {
  const parts: [string, string | undefined][] = [
    ['map', place && `${rounded(place.zoom, 3)}/${rounded(place.lat, DIGITS)}/${rounded(place.lon, DIGITS)}`],
    ['lang', language],
    ['theme', theme],
    ['layers', [...layers].flatMap(([id, change]) => writeLayer(id, change)).join(',')],
    ['top', top.join(',')],
    ['swipe', swipe && `${swipe.plan}:${swipe.percent}`],
    ['hour', hour && `${hour.at},${hour.parameter}`],
    ['at', at?.map((value) => rounded(value, DIGITS)).join(',')],
    ['pick', pick && `${pick.layer}/${pick.id}`],
    ['run', run?.process],
    ['inputs', run?.inputs],
  ];
  return parts.flatMap(([key, value]) => (value ? [`${key}=${encoded(value)}`] : [])).join('&');
}

/** Leaves the marks that need no escape behind `#` readable. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/%(2F|3A|2C)/g, decodeURIComponent);
}

function rounded(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}

function numbers(text: string | null, separator: string, count: number): number[] {
  const values = (text ?? '').split(separator).map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  return values.length === count && values.every(Number.isFinite) ? values : [];
}

/** Returns the name of a parcel in links from before there were other features. */
function parcelName(id: string | null): string | null {
  return id && `land.parcel/${id}`;
}

function readFeature(text: string | null): FeatureName | undefined {
  const [, layer, id] = /^([^/]+)\/(.+)$/.exec(text ?? '') ?? [];
  return layer && id ? { layer, id } : undefined;
}

function readSwipe(text: string | null): { swipe?: SwipeView } {
  const [, plan, percent] = /^(.+):(\d{1,3})$/.exec(text ?? '') ?? [];
  return plan ? { swipe: { plan, percent: Math.min(Number(percent), 100) } } : {};
}

function readHour(text: string | null): { hour?: HourView } {
  const [, at, parameter] = /^(\d{4}-\d\d-\d\dT\d\d),(.{1,40})$/.exec(text ?? '') ?? [];
  return at && parameter && !Number.isNaN(Date.parse(`${at}:00:00Z`)) ? { hour: { at, parameter } } : {};
}

function readLayers(text: string | null): Map<string, LayerChange> {
  const entries = (text ?? '').split(',').flatMap((part): [string, LayerChange][] => {
    const [, id, state, percent] = /^(.+?):(on|off)?(?::(\d{1,3}))?$/.exec(part) ?? [];
    if (!id || (!state && !percent)) return [];
    const opacity = percent === undefined ? {} : { opacity: Math.min(Number(percent), 100) / 100 };
    return [[id, { ...(state && { isOn: state === 'on' }), ...opacity }]];
  });
  return new Map(entries);
}

function writeLayer(id: string, { isOn, opacity }: LayerChange): string[] {
  if (isOn === undefined && opacity === undefined) return [];
  const state = isOn === undefined ? '' : isOn ? 'on' : 'off';
  return [`${id}:${state}${opacity === undefined ? '' : `:${Math.round(opacity * 100)}`}`];
}
