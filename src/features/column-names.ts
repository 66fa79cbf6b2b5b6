/** Folds the case of ASCII letters, which SQLite does, and GDAL in every format. */
function foldName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Returns the name, or the first that is free of `lon`, `lon_2`, `lon_3`, … */
export function freeName(wanted: string, taken: readonly string[]): string {
  const others = new Set(taken.map(foldName));
  let name = wanted;
  for (let number = 2; others.has(foldName(name)); number++) name = `${wanted}_${number}`;
  return name;
}

/** Makes the names distinct, ignoring ASCII case. The first of equal names stays as it is. */
export function distinctNames(names: readonly string[]): string[] {
  const distinct: string[] = [];
  for (const [index, name] of names.entries()) {
    const isTaken = distinct.some((each) => foldName(each) === foldName(name));
    distinct.push(isTaken ? freeName(name, [...distinct, ...names.slice(index)]) : name);
  }
  return distinct;
}
