/** Rounds to two decimals: square metres to the square centimetre, metres to the centimetre, pixels to a hundredth. */
export function roundToHundredth(value: number): number {
  return Math.round(value * 100) / 100;
}
