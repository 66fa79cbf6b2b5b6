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

/** Returns an instant of ISO 8601 or of PostgreSQL in milliseconds since 1970. */
export function millisecondsOf(instant: string): number {
  return Date.parse(instant.replace(' ', 'T').replace(/([+-]\d{2})$/, '$1:00'));
}

/** Formats an instant in the time of Vietnam, UTC+7 without daylight saving. */
export function formatInstant(instant: string, language: Language): string {
  const time = millisecondsOf(instant);
  if (Number.isNaN(time)) return instant;
  const local = new Date(time + 7 * 3_600_000).toISOString();
  return `${formatDate(local, language)} ${local.slice(11, 16)}`;
}

/** Formats degrees to five decimals (1 m), longitude first. */
export function formatLonLat(lon: number, lat: number, language: Language): string {
  return `${formatNumber(lon, language, 5)}${language === 'vi' ? '; ' : ', '}${formatNumber(lat, language, 5)}`;
}
