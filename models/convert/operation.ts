import type { GraphWriter } from './graph-writer.js';
import type { TfAttributes, TfGraph, TfNode } from './tf-graph.js';
import type { Computed } from './tfjs.js';
import type { Value } from './value.js';

/** What an operation becomes: writes its nodes, and says what comes out. */
export type Rule = (operation: Operation) => Value | Value[];

/** What an operation takes: what depends on the picture, or what does not. */
export type Operand =
  | { readonly varies: true; readonly value: Value }
  | { readonly varies: false; readonly constant: Computed };

/** Where an operation finds what was made before it. */
export interface Surroundings {
  readonly graph: TfGraph;
  readonly writer: GraphWriter;
  readonly openSides: boolean;
  /** @throws Error where there is none of this name */
  value(name: string): Value;
  /** What tfjs computed. @throws Error where it did not */
  computed(name: string): Computed;
}

/** A node of TensorFlow's with what it takes. */
export class Operation {
  readonly #node: TfNode;
  readonly #around: Surroundings;

  constructor(node: TfNode, around: Surroundings) {
    this.#node = node;
    this.#around = around;
  }

  get name(): string {
    return this.#node.name;
  }

  get attributes(): TfAttributes {
    return this.#node.attributes;
  }

  get writer(): GraphWriter {
    return this.#around.writer;
  }

  get openSides(): boolean {
    return this.#around.openSides;
  }

  /** Of what comes out, TensorFlow's. */
  get shape(): readonly number[] {
    return this.#around.computed(this.name).shape;
  }

  get operands(): Operand[] {
    const { graph } = this.#around;
    return this.#node.inputs.map((name, i) =>
      graph.varies(name)
        ? { varies: true, value: this.input(i) }
        : { varies: false, constant: this.#around.computed(name) },
    );
  }

  /** One that others use too keeps its convolution for itself. */
  input(index: number): Value {
    const name = this.#node.inputs[index]!;
    const { convolution, ...value } = this.#around.value(name);
    return convolution && this.#around.graph.uses.get(name) === 1 ? { ...value, convolution } : value;
  }

  /** @throws Error where it varies */
  constant(index: number): Computed {
    const name = this.#node.inputs[index]!;
    if (this.#around.graph.varies(name)) throw new Error(`${this.name} takes ${name} for a constant, but it varies.`);
    return this.#around.computed(name);
  }
}

/** The first of what an operation takes that depends on the picture. */
export function firstVarying(operands: readonly Operand[]): Value {
  for (const operand of operands) if (operand.varies) return operand.value;
  throw new Error('Nothing of it varies.');
}

/** An axis that may be counted from the end. */
export const axisOf = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);
