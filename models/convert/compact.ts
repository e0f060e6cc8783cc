import type { OnnxGraph, OnnxNode, OnnxTensor } from './onnx-file.js';
import { floats } from './onnx-file.js';

/** Below this a constant saves nothing by being smaller. */
const WORTH_IT = 1024;

/** ONNX's number of float32, what `Cast` makes of the small ones. */
const FLOAT = 1;

const LARGEST_INT16 = 32767;

/**
 * Stores large constants in 16 bits, to be made floats again when the model is opened (the runtime does that once): half the file, float32
 * arithmetic. As 16-bit floats where that is exact, as it is for weights that came so; else as 16-bit integers with a scale per channel,
 * which moves a weight by at most 1/65,534 of its channel's largest.
 */
export function compact(graph: OnnxGraph): OnnxGraph {
  const constants: OnnxTensor[] = [];
  const nodes: OnnxNode[] = [];
  for (const tensor of graph.constants) {
    if (tensor.type !== 'float' || tensor.data.length < WORTH_IT * 4) {
      constants.push(tensor);
      continue;
    }
    const small = inHalves(tensor) ?? inIntegers(tensor);
    constants.push(...small.constants);
    nodes.push(...small.nodes);
  }
  return { ...graph, constants, nodes: [...nodes, ...graph.nodes] };
}

type Part = Pick<OnnxGraph, 'constants' | 'nodes'>;

function inHalves(tensor: OnnxTensor): Part | null {
  const values = viewOf(tensor);
  const halves = Uint16Array.from(values, toHalf);
  if (!values.every((value, i) => fromHalf(halves[i]!) === value)) return null;
  const name = `${tensor.name}.half`;
  const data = new Uint8Array(halves.buffer);
  return { constants: [{ name, type: 'float16', shape: tensor.shape, data }], nodes: [cast(name, tensor.name)] };
}

function inIntegers(tensor: OnnxTensor): Part {
  const values = viewOf(tensor);
  const { name, shape } = tensor;
  // Matrices have their channels last, everything else first.
  const channels = shape.length === 2 ? shape[1]! : shape[0]!;
  const channelOf = (i: number): number =>
    shape.length === 2 ? i % channels : Math.floor(i / (values.length / channels));
  const scales = new Float32Array(channels);
  for (const [i, value] of values.entries()) scales[channelOf(i)] = Math.max(scales[channelOf(i)]!, Math.abs(value));
  for (const [channel, largest] of scales.entries()) scales[channel] = largest / LARGEST_INT16 || 1;
  const integers = Int16Array.from(values, (value, i) => Math.round(value / scales[channelOf(i)]!));
  const whole = `${name}.int16`;
  const sizes = shape.map((_, axis) => (axis === (shape.length === 2 ? 1 : 0) ? channels : 1));
  return {
    constants: [
      { name: whole, type: 'int16', shape, data: new Uint8Array(integers.buffer) },
      floats(`${name}.scale`, sizes, scales),
    ],
    nodes: [
      cast(whole, `${whole}.float`),
      { op: 'Mul', name: `${name}.scaled`, inputs: [`${whole}.float`, `${name}.scale`], outputs: [name] },
    ],
  };
}

const cast = (from: string, to: string): OnnxNode => ({
  op: 'Cast',
  name: `${from}.cast`,
  inputs: [from],
  outputs: [to],
  attributes: { to: FLOAT },
});

const viewOf = ({ data }: OnnxTensor): Float32Array =>
  new Float32Array(data.buffer, data.byteOffset, data.byteLength / 4);

const scratch = new DataView(new ArrayBuffer(4));

/** The bits of the nearest 16-bit float (ties to even), IEEE 754. */
export function toHalf(value: number): number {
  scratch.setFloat32(0, value);
  const bits = scratch.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const exponent = (bits >>> 23) & 0xff;
  const fraction = bits & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (fraction ? 0x200 : 0);
  const scale = exponent - 127 + 15;
  if (scale >= 31) return sign | 0x7c00;
  // Below the smallest normal number the leading one is written out, shifted.
  const whole = scale > 0 ? (scale << 23) | fraction : 0x800000 | fraction;
  const drop = scale > 0 ? 13 : 14 - scale;
  if (drop > 24) return sign;
  const kept = whole >>> drop;
  const rest = whole & ((1 << drop) - 1);
  const half = 1 << (drop - 1);
  return sign | (kept + (rest > half || (rest === half && kept & 1) ? 1 : 0));
}

/** The number that 16 bits stand for. */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
