/**
 * The headers of one RTSP message: names are case-insensitive, a name may come several times (RFC 2326, 12), order is kept.
 *
 * ```ts
 * const headers = new Headers({ CSeq: 1, Session: 'abc' });
 * headers.get('cseq'); // '1'
 * headers.append('WWW-Authenticate', 'Basic realm="x"');
 * ```
 */
export class Headers implements Iterable<readonly [name: string, value: string]> {
  private readonly entries: [name: string, lowerName: string, value: string][] = [];

  constructor(initial?: Readonly<Record<string, string | number | undefined>>) {
    if (!initial) return;
    for (const [name, value] of Object.entries(initial)) {
      if (value !== undefined) this.append(name, String(value));
    }
  }

  /** How many header lines there are. */
  get size(): number {
    return this.entries.length;
  }

  /** The first value of the name. */
  get(name: string): string | undefined {
    const lower = name.toLowerCase();
    return this.entries.find((entry) => entry[1] === lower)?.[2];
  }

  /** Every value of the name, in the order of the lines. */
  getAll(name: string): string[] {
    const lower = name.toLowerCase();
    return this.entries.filter((entry) => entry[1] === lower).map((entry) => entry[2]);
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /** Replaces every value of the name by one. */
  set(name: string, value: string | number): this {
    this.delete(name);
    return this.append(name, String(value));
  }

  /** Adds one more line. */
  append(name: string, value: string): this {
    this.entries.push([name, name.toLowerCase(), value]);
    return this;
  }

  delete(name: string): void {
    const lower = name.toLowerCase();
    for (let i = this.entries.length - 1; i >= 0; i--) {
      if (this.entries[i]![1] === lower) this.entries.splice(i, 1);
    }
  }

  *[Symbol.iterator](): Iterator<readonly [name: string, value: string]> {
    for (const [name, , value] of this.entries) yield [name, value];
  }
}
