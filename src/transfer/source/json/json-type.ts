/** Infers the PostgreSQL type that holds all values of a property unchanged, from their JSON text. */
export class JsonType {
  readonly #seen = new Set<'text' | 'day' | 'boolean' | 'whole' | 'large' | 'vast' | 'double' | 'decimal' | 'json'>();

  see(json: string): void {
    const first = json[0];
    if (first === 'n') return;
    if (first === '"') this.#seen.add(isDay(json.slice(1, -1)) ? 'day' : 'text');
    else if (first === 't' || first === 'f') this.#seen.add('boolean');
    else if (first === '{' || first === '[') this.#seen.add('json');
    else this.#seen.add(numberKind(json));
  }

  /**
   * Returns the type. Mixed kinds give text. Texts that look like numbers, times or JSON remain text. Days written
   * 2026-01-31 are dates if all are, since a date has the same text.
   */
  type(): string {
    const seen = [...this.#seen];
    const among = (...kinds: typeof seen) => seen.length > 0 && seen.every((kind) => kinds.includes(kind));
    if (among('day')) return 'date';
    if (among('boolean')) return 'boolean';
    if (among('json')) return 'jsonb';
    if (among('whole')) return 'integer';
    if (among('whole', 'large')) return 'bigint';
    if (among('whole', 'large', 'vast', 'double', 'decimal')) {
      // A double has 53 bits, so fractions beside larger whole numbers need numeric.
      return among('whole', 'double') ? 'double precision' : 'numeric';
    }
    return 'text';
  }
}

function numberKind(json: string): 'whole' | 'large' | 'vast' | 'double' | 'decimal' {
  if (/^-?\d+$/.test(json) && json !== '-0') {
    if (json.length < 10 || Math.abs(Number(json)) < 2 ** 31) return 'whole';
    const value = BigInt(json);
    return BigInt.asIntN(64, value) === value ? 'large' : 'vast';
  }
  return isDouble(json) ? 'double' : 'decimal';
}

/** Returns true if a double, written with its shortest digits or with 17, has the digits of this number. */
function isDouble(json: string): boolean {
  const value = Number(json);
  if (!Number.isFinite(value)) return false;
  const digits = digitsOf(json);
  return digits.length <= 15 || digits === digitsOf(String(value)) || digits === digitsOf(value.toPrecision(17));
}

/** Returns the significant digits, without zeros at either end. */
function digitsOf(number: string): string {
  const [mantissa = ''] = number.split(/e/i);
  return mantissa.replace(/[-.]/g, '').replace(/^0+|0+$/g, '');
}

function isDay(text: string): boolean {
  if (!/^[1-9]\d{3}-[01]\d-[0-3]\d$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
