import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';

/** Element types that are written: ONNX's own numbers. */
export const ELEMENT = { float: 1, uint8: 2, int8: 3, int16: 5, int32: 6, int64: 7, float16: 10 } as const;
export type Element = keyof typeof ELEMENT;

/** A constant of a graph. */
export interface OnnxTensor {
  readonly name: string;
  readonly type: Element;
  readonly shape: readonly number[];
  /** Row-major, little-endian. */
  readonly data: Uint8Array;
}

export type Attribute = number | { readonly float: number } | string | readonly number[];

export interface OnnxNode {
  readonly op: string;
  readonly name: string;
  /** '' leaves an optional one out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** A plain number or list is integers; `{float}` is a float. */
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

export interface OnnxValue {
  readonly name: string;
  readonly type?: Element;
  /** A string names a dimension that is open. */
  readonly shape: readonly (number | string)[];
}

export interface OnnxGraph {
  readonly name: string;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxTensor[];
}

/** Operators of this version are written: per-channel quantisation and Resize have settled by then, and every runtime since 2022 reads it. */
const OPSET = 17;
const IR_VERSION = 8;

const root = protobuf.loadSync(fileURLToPath(new URL('onnx.proto', import.meta.url)));
const ModelProto = root.lookupType('onnx.ModelProto');

/** The bytes of an ONNX file. The same graph gives the same bytes. */
export function writeOnnx(graph: OnnxGraph): Uint8Array {
  return ModelProto.encode({
    irVersion: IR_VERSION,
    producerName: 'veilgate',
    opsetImport: [{ domain: '', version: OPSET }],
    graph: {
      name: graph.name,
      input: graph.inputs.map(valueInfo),
      output: graph.outputs.map(valueInfo),
      initializer: graph.constants.map(({ name, type, shape, data }) => ({
        name,
        dataType: ELEMENT[type],
        dims: shape,
        rawData: data,
      })),
      node: graph.nodes.map(({ op, name, inputs, outputs, attributes = {} }) => ({
        opType: op,
        name,
        input: inputs,
        output: outputs,
        attribute: Object.entries(attributes).map(attribute),
      })),
    },
  }).finish();
}

const valueInfo = ({ name, type = 'float', shape }: OnnxValue) => ({
  name,
  type: {
    tensorType: {
      elemType: ELEMENT[type],
      shape: { dim: shape.map((size) => (typeof size === 'string' ? { dimParam: size } : { dimValue: size })) },
    },
  },
});

function attribute([name, value]: [string, Attribute]): object {
  if (typeof value === 'number') return { name, i: value, type: 2 };
  if (typeof value === 'string') return { name, s: Buffer.from(value), type: 3 };
  if ('float' in value) return { name, f: value.float, type: 1 };
  return { name, ints: value, type: 7 };
}

/** A constant of floats. */
export const floats = (name: string, shape: readonly number[], values: ArrayLike<number>): OnnxTensor => ({
  name,
  type: 'float',
  shape,
  data: new Uint8Array(Float32Array.from(values).buffer),
});

/** A constant of 64-bit integers: shapes, axes. */
export const integers = (name: string, values: readonly number[]): OnnxTensor => ({
  name,
  type: 'int64',
  shape: [values.length],
  data: new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer),
});
