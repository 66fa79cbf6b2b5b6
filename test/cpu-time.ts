/** @returns milliseconds of processor time that the work took, which a loaded machine does not lengthen */
export function cpuTimeOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
