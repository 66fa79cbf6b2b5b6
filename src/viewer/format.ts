type Language = 'vi' | 'en';

/**
 * Formats a number: `2.159,6` in Vietnamese, `2,159.6` in English. Implemented here, because a browser may lack
 * Vietnamese in its Intl data.
 */
export function formatNumber(value: number, language: Language, digits = 1): string {
  const [whole = '0', fraction] = Math.abs(value).toFixed(digits).split('.');
  const [group, point] = language === 'vi' ? ['.', ','] : [',', '.'];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
  const sign = value < 0 && Number(value.toFixed(digits)) !== 0 ? '−' : '';
  return `${sign}${grouped}${fraction ? point + fraction : ''}`;
}

/** Formats square metres: `2.159,6 m²`; from 10 ha in hectares as well. */
export function formatArea(squareMetres: number, language: Language): string {
  const metres = `${formatNumber(squareMetres, language)} m²`;
  return squareMetres >= 100_000 ? `${metres} (${formatNumber(squareMetres / 10_000, language, 2)} ha)` : metres;
}

export function formatLength(metres: number, language: Language): string {
  return metres >= 1000 ? `${formatNumber(metres / 1000, language, 2)} km` : `${formatNumber(metres, language)} m`;
}

/** Formats `2025-07-01` as `01/07/2025`; English uses ISO. */
export function formatDate(date: string, language: Language): string {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})/.exec(date) ?? [];
  return language === 'vi' && year ? `${day}/${month}/${year}` : date.slice(0, 10);
}

/** Formats an instant in the time of Vietnam, UTC+7 without daylight saving. */
export function formatInstant(instant: string, language: Language): string {
  const time = Date.parse(instant.replace(' ', 'T').replace(/([+-]\d{2})$/, '$1:00'));
  if (Number.isNaN(time)) return instant;
  const local = new Date(time + 7 * 3_600_000).toISOString();
  return `${formatDate(local, language)} ${local.slice(11, 16)}`;
}

/** Formats degrees to five decimals (1 m), longitude first. */
export function formatLonLat(lon: number, lat: number, language: Language): string {
  return `${formatNumber(lon, language, 5)}${language === 'vi' ? '; ' : ', '}${formatNumber(lat, language, 5)}`;
}

/**
 * Parses a pair of coordinates as people paste them: degrees or VN-2000 metres, in either order. The server reports
 * which order it assumed. Returns undefined for other text, such as "12 345", a sheet and a number.
 */
export function readPair(
  text: string,
): { readonly x: number; readonly y: number; readonly degrees: boolean } | undefined {
  const [, first, second] = /^\s*\(?(\d+(?:\.\d+)?)°?\s*[,; ]\s*(\d+(?:\.\d+)?)°?\)?\s*$/.exec(text) ?? [];
  if (!first || !second) return undefined;
  const pair = [Number(first), Number(second)] as const;
  // Vietnam with its islands: 102-118° E, 6-24° N. A sheet "106" with a parcel "10" has no decimal point.
  const isLon = (value: number): boolean => value >= 102 && value <= 118;
  const isLat = (value: number): boolean => value >= 6 && value <= 24;
  const decimal = first.includes('.') || second.includes('.');
  if (decimal && isLon(pair[0]) && isLat(pair[1])) return { x: pair[0], y: pair[1], degrees: true };
  if (decimal && isLat(pair[0]) && isLon(pair[1])) return { x: pair[1], y: pair[0], degrees: true };
  return pair[0] >= 100_000 && pair[1] >= 100_000 ? { x: pair[0], y: pair[1], degrees: false } : undefined;
}

/** Returns rows as CSV for a Vietnamese Excel: with BOM, and with `;` if the decimal mark is a comma. */
export function toCsv(rows: readonly (readonly (string | number | undefined)[])[], language: Language): string {
  const separator = language === 'vi' ? ';' : ',';
  const cell = (value: string | number | undefined): string => {
    if (typeof value === 'number') return String(value).replace('.', language === 'vi' ? ',' : '.');
    // A spreadsheet would evaluate a leading = + - @ as a formula.
    const text = (value ?? '').replace(/^[=+\-@\t\r]/, "'$&");
    return /["\n\r,;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `\uFEFF${rows.map((row) => row.map(cell).join(separator)).join('\r\n')}\r\n`;
}
