/** System of coordinates that a text names. A part that is missing is undefined. */
export interface NamedSystem {
  /** `EPSG:9210` */
  readonly srid: number | undefined;
  /** Central meridian, degrees. */
  readonly meridian: number | undefined;
  readonly datum: 'vn2000' | 'wgs84' | undefined;
  /** True for zones of 6° (UTM); those of VN-2000 for land have 3°. */
  readonly isUtm: boolean;
}

const EPSG = /\(?\bepsg[: ]*(\d{4,5})\)?/;
const WGS84 = /\(?\bwgs[ -]?(?:19)?84\)?/;
const VN2000 = /\(?\b(?:he (?:toa do )?)?vn[ -]?2000\)?/;
/** A meridian that follows the name of the system: `VN2000-107°45'`. */
const AFTER_NAME = /(?<=vn[ -]?2000)[ ,;/(-]+(?=\d{3} ?(?:[°º.,o-] ?\d|do ))/;
const ZONE_WIDTH = /\bmui(?: chieu)? ?([36])(?: ?°| do\b)?/;
const UTM = /\butm\b(?:[ /-]*(?:zone|mui)?[ /-]*(4[89]) ?[np]?\b)?|(?<![\d.])(4[89]) ?[np]\b/;
const ZONE = /\b(?:zone|mui) ?(4[89]) ?[np]?\b(?: ?\(6 ?(?:do|°)\))?/;
const MINUTES = String.raw`(?: ?[°ºo] ?| do )(?:(\d{1,2})(?![\d.,]) ?(?:['’′]|phut)?(?: ?0{1,2} ?(?:["”″]|''|giay))?)?`;
/** `kinh tuyến trục 105°45'`, `KTT 107 độ 45 phút`, `KTT 105.75`, `TM-3 105-45`. */
const MERIDIAN = new RegExp(
  String.raw`(?:\bkinh tuyen(?: truc| trung uong| dia phuong)*|\bktt\b|\bkt\b|\bmeridian\b|\btm ?-? ?3\b(?: zone| mui)?)[ :=]*(\d{3})(?:${MINUTES}|-(\d{2})(?!\d)|[.,](\d{1,2})(?!\d))?(?!\d)`,
);

/** Meridians of the UTM zones of Vietnam. */
const UTM_MERIDIANS: Readonly<Record<string, number>> = { 48: 105, 49: 111 };

/** Takes the name of a system out of a folded text: a central meridian, a zone, `EPSG:9210`, VN-2000 or WGS 84. */
export function takeSystem(text: string): { readonly rest: string; readonly system: NamedSystem } {
  let rest = text.replace(AFTER_NAME, ' ktt ');
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const match = pattern.exec(rest);
    if (match) rest = `${rest.slice(0, match.index)} ${rest.slice(match.index + match[0].length)}`;
    return match;
  };
  const epsg = take(EPSG)?.[1];
  const isWgs = take(WGS84) !== null;
  const isVn = take(VN2000) !== null;
  const width = take(ZONE_WIDTH)?.[1];
  const utm = take(UTM);
  const zone = utm ? undefined : take(ZONE);
  const meridian = meridianIn(take(MERIDIAN)) ?? UTM_MERIDIANS[utm?.[1] ?? utm?.[2] ?? zone?.[1] ?? ''];
  const isUtm = width === '6' || utm !== null || zone?.[1] !== undefined;
  // The word UTM alone is that of receivers; a zone of 6° is said of VN-2000.
  const datum = isWgs || (utm !== null && !isVn) ? 'wgs84' : isVn || width !== undefined ? 'vn2000' : undefined;
  return { rest, system: { srid: epsg === undefined ? undefined : Number(epsg), meridian, datum, isUtm } };
}

function meridianIn(match: RegExpExecArray | null): number | undefined {
  if (!match) return undefined;
  const [, degrees, minutes, afterDash, decimals] = match;
  if (decimals !== undefined) return Number(`${degrees}.${decimals}`);
  return Number(degrees) + Number(minutes ?? afterDash ?? 0) / 60;
}
