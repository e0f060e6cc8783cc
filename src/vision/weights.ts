/**
 * Looks for weights that are no numbers, in the bytes of an ONNX file. The runtime does not: an activation such as ReLU turns NaN into
 * 0, and a damaged model then answers calmly.
 *
 * Walks the protobuf wire format (onnx.proto: ModelProto.graph = 7, GraphProto.initializer = 5, TensorProto.data_type = 2,
 * .float_data = 4, .name = 8, .raw_data = 9).
 */
const GRAPH = 7;
const INITIALIZER = 5;
const DATA_TYPE = 2;
const FLOAT_DATA = 4;
const NAME = 8;
const RAW_DATA = 9;

const FLOAT = 1;
const FLOAT16 = 10;

/** The name of the first tensor that holds NaN or infinity, or null. Bytes that are no protobuf count as having none. */
export function findNotFinite(model: Uint8Array): string | null {
  for (const graph of fieldsOf(model))
    if (graph.number === GRAPH && graph.bytes)
      for (const tensor of fieldsOf(graph.bytes))
        if (tensor.number === INITIALIZER && tensor.bytes && !holdsNumbers(tensor.bytes)) return nameOf(tensor.bytes);
  return null;
}

function holdsNumbers(tensor: Uint8Array): boolean {
  let type = 0;
  let raw: Uint8Array | null = null;
  for (const { number, bytes, value } of fieldsOf(tensor)) {
    if (number === DATA_TYPE) type = value;
    if ((number === RAW_DATA || number === FLOAT_DATA) && bytes) raw = bytes;
  }
  if (!raw) return true;
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  // All ones in the exponent: infinity or NaN.
  if (type === FLOAT) {
    for (let at = 0; at + 4 <= raw.length; at += 4)
      if ((view.getUint32(at, true) & 0x7f800000) === 0x7f800000) return false;
  } else if (type === FLOAT16) {
    for (let at = 0; at + 2 <= raw.length; at += 2) if ((view.getUint16(at, true) & 0x7c00) === 0x7c00) return false;
  }
  return true;
}

function nameOf(tensor: Uint8Array): string {
  for (const { number, bytes } of fieldsOf(tensor)) if (number === NAME && bytes) return Buffer.from(bytes).toString();
  return 'unnamed';
}

interface Field {
  readonly number: number;
  /** Of a length-delimited field. */
  readonly bytes: Uint8Array | null;
  /** Of a varint, as far as 2^53. */
  readonly value: number;
}

function* fieldsOf(message: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; at < message.length; scale *= 128) {
      const byte = message[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) break;
    }
    return value;
  };
  while (at < message.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    switch (key % 8) {
      case 0:
        yield { number, bytes: null, value: varint() };
        break;
      case 1:
        at += 8;
        break;
      case 2: {
        const length = varint();
        yield { number, bytes: message.subarray(at, at + length), value: 0 };
        at += length;
        break;
      }
      case 5:
        at += 4;
        break;
      default:
        return;
    }
  }
}
