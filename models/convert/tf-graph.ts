/** A node of a TensorFlow.js graph model, as `model.json` has it. */
export interface TfNode {
  readonly name: string;
  readonly op: string;
  /** `name`, or `name:1` for a later output; without control edges. */
  readonly inputs: readonly string[];
  readonly attributes: TfAttributes;
}

export interface Topology {
  readonly node: readonly RawNode[];
}

type RawAttribute = {
  readonly s?: string;
  readonly i?: string | number;
  readonly f?: number;
  readonly b?: boolean;
  readonly list?: { readonly i?: readonly (string | number)[]; readonly s?: readonly string[] };
};

interface RawNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, RawAttribute>>;
}

/** What a node was made with. Texts are base64 in the file. */
export class TfAttributes {
  readonly #raw: Readonly<Record<string, RawAttribute>>;

  constructor(raw: Readonly<Record<string, RawAttribute>>) {
    this.#raw = raw;
  }

  text(name: string): string | null {
    const text = this.#raw[name]?.s;
    return text === undefined ? null : decode(text);
  }

  texts(name: string): string[] {
    return (this.#raw[name]?.list?.s ?? []).map(decode);
  }

  number(name: string): number | null {
    const raw = this.#raw[name];
    const value = raw?.f ?? raw?.i;
    return value === undefined ? null : Number(value);
  }

  numbers(name: string): number[] {
    return (this.#raw[name]?.list?.i ?? []).map(Number);
  }

  flag(name: string): boolean {
    return this.#raw[name]?.b === true;
  }
}

const decode = (text: string): string => Buffer.from(text, 'base64').toString('latin1');

/** The nodes between an input and outputs, each after those it needs. */
export class TfGraph {
  readonly nodes: readonly TfNode[];
  /** How many inputs take a value, and outputs show it. */
  readonly uses: ReadonlyMap<string, number>;
  /** Every value: nodes' names, and `name:1` and so on for those with more outputs. */
  readonly values: readonly string[];
  readonly #varying = new Set<string>();

  /** @param topology `modelTopology` of a graph model */
  constructor(topology: Topology, input: string, outputs: readonly string[]) {
    const all = new Map(topology.node.map((node) => [node.name, node]));
    const nodes: TfNode[] = [];
    const seen = new Set<string>();
    const visit = (name: string): void => {
      if (seen.has(name)) return;
      seen.add(name);
      const raw = all.get(name);
      if (!raw) throw new Error(`The graph has no node ${name}.`);
      const inputs = name === input ? [] : (raw.input ?? []).filter((each) => !each.startsWith('^')).map(plain);
      for (const each of inputs) visit(nodeOf(each));
      nodes.push({ name, op: raw.op, inputs, attributes: new TfAttributes(raw.attr ?? {}) });
    };
    for (const output of outputs) visit(nodeOf(plain(output)));
    this.nodes = nodes;
    const uses = new Map<string, number>();
    for (const each of [...nodes.flatMap(({ inputs }) => inputs), ...outputs.map(plain)])
      uses.set(each, (uses.get(each) ?? 0) + 1);
    this.uses = uses;
    this.values = [...new Set([...nodes.map(({ name }) => name), ...uses.keys()])];
    // A shape does not vary with what is in the picture.
    for (const { name, op, inputs } of nodes)
      if (name === input || (op !== 'Shape' && inputs.some((each) => this.#varying.has(nodeOf(each)))))
        this.#varying.add(name);
  }

  /** Whether a value depends on what is put in; the others are constants. */
  varies(value: string): boolean {
    return this.#varying.has(nodeOf(value));
  }
}

/** `name:0` is `name`. */
export const plain = (value: string): string => value.replace(/:0$/, '');

export const nodeOf = (value: string): string => value.replace(/:\d+$/, '');
