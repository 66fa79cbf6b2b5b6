/** What a section found: Markdown, and its figures held against the goals. */
export interface Findings {
  readonly markdown: readonly string[];
  readonly verdicts: readonly Verdict[];
}

export interface Verdict {
  readonly what: string;
  readonly measured: string;
  readonly goal: string;
  /** undefined: not measured. */
  readonly met: boolean | undefined;
}

export function say(text: string): void {
  process.stdout.write(`${text}\n\n`);
}

/** A line to whoever waits; tables alone go to stdout. */
export function progress(line: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
}

/** A Markdown table; the first column is text, the others are numbers. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

export function verdictTable(verdicts: readonly Verdict[]): string {
  const word = ({ met }: Verdict) => (met === undefined ? 'not measured' : met ? 'yes' : '**no**');
  return table(
    ['goal', 'measured', 'wanted', 'met'],
    verdicts.map((verdict) => [verdict.what, verdict.measured, verdict.goal, word(verdict)]),
  );
}

/** Holds a ratio against a bound. */
export function judge(what: string, measured: number, bound: { atLeast: number } | { atMost: number }): Verdict {
  const met = 'atLeast' in bound ? measured >= bound.atLeast : measured <= bound.atMost;
  const goal = 'atLeast' in bound ? `>= ${times(bound.atLeast)}` : `<= ${times(bound.atMost)}`;
  return { what, goal, measured: times(measured), met: Number.isNaN(measured) ? undefined : met };
}

export function times(ratio: number): string {
  return Number.isFinite(ratio) ? `${round(ratio)} ×` : '–';
}

export function round(number: number): string {
  if (!Number.isFinite(number)) return '–';
  return Math.abs(number) >= 100 ? number.toFixed(0) : String(Number(number.toPrecision(3)));
}

export function kilobytes(bytes: number): string {
  return round(bytes / 1000);
}
