// The package carries no types.
declare module 'polylabel' {
  const polylabel: (
    polygon: readonly (readonly [number, number])[][],
    precision?: number,
  ) => number[] & { distance: number };
  // biome-ignore lint/style/noDefaultExport: it is the package's.
  export default polylabel;
}
