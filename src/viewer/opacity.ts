/**
 * Multiplies an opacity by a factor. An expression of the zoom must stay outermost, so its outputs are multiplied:
 * every second member of `interpolate` from the fifth on, and of `step` from the third on.
 */
export function scaleOpacity(value: unknown, factor: number): unknown {
  if (factor === 1) return value;
  if (typeof value === 'number') return value * factor;
  if (!Array.isArray(value)) return value;
  const [operator] = value as unknown[];
  if (operator === 'interpolate')
    return value.map((member, index) => (index >= 4 && index % 2 === 0 ? scaleOpacity(member, factor) : member));
  if (operator === 'step')
    return value.map((member, index) => (index >= 2 && index % 2 === 0 ? scaleOpacity(member, factor) : member));
  return ['*', factor, value];
}
