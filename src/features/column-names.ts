/** SQLite, and GDAL in every format, take letters of ASCII for the same in both cases. */
function fold(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** The name, or with a number after it where it is taken: `lon`, `lon_2`, `lon_3`, … */
export function freeName(wanted: string, taken: readonly string[]): string {
  const others = new Set(taken.map(fold));
  let name = wanted;
  for (let number = 2; others.has(fold(name)); number++) name = `${wanted}_${number}`;
  return name;
}

/** The names, each once: of those that a table's file would take for the same, the first stays as it is. */
export function distinctNames(names: readonly string[]): string[] {
  const distinct: string[] = [];
  for (const [index, name] of names.entries()) {
    const isTaken = distinct.some((each) => fold(each) === fold(name));
    distinct.push(isTaken ? freeName(name, [...distinct, ...names.slice(index)]) : name);
  }
  return distinct;
}
