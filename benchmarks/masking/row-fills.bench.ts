/**
 * Ways to fill the rows of a rectangle, 632x532 pixels of a 1080p picture in three planes: which one should `solid` use?
 *
 *     npx tsx benchmarks/masking/row-fills.bench.ts
 */
import { Bench } from 'tinybench';

const STRIDE = 1920;
const [LEFT, TOP, WIDTH, HEIGHT] = [384, 284, 632, 532];

// Memory outside the heap, as a decoder's.
const memory = (bytes: number) => Buffer.from(new ArrayBuffer(bytes));
const [luma, u, v] = [memory(STRIDE * 1080), memory((STRIDE / 2) * 540), memory((STRIDE / 2) * 540)];
const rows = new Map([16, 128].map((value) => [value, Buffer.alloc(WIDTH, value)]));
const fill = Uint8Array.prototype.fill;

type FillRow = (data: Buffer, value: number, start: number, end: number) => void;

function fillRectangle(fillRow: FillRow): void {
  for (let y = TOP; y < TOP + HEIGHT; y++) fillRow(luma, 16, y * STRIDE + LEFT, y * STRIDE + LEFT + WIDTH);
  for (let y = TOP / 2; y < (TOP + HEIGHT) / 2; y++) {
    const start = (y * STRIDE + LEFT) / 2;
    fillRow(u, 128, start, start + WIDTH / 2);
    fillRow(v, 128, start, start + WIDTH / 2);
  }
}

/** Fills the first row and copies it to the others. */
function copyRows(
  data: Buffer,
  value: number,
  stride: number,
  left: number,
  top: number,
  width: number,
  height: number,
): void {
  const first = top * stride + left;
  fill.call(data, value, first, first + width);
  for (let row = 1; row < height; row++) data.copyWithin(first + row * stride, first, first + width);
}

const bench = new Bench({ time: 500, warmupTime: 200 })
  .add('Uint8Array.prototype.fill', () =>
    fillRectangle((data, value, start, end) => fill.call(data, value, start, end)),
  )
  .add('Buffer.fill', () => fillRectangle((data, value, start, end) => data.fill(value, start, end)))
  .add('copyWithin from the first row', () => {
    copyRows(luma, 16, STRIDE, LEFT, TOP, WIDTH, HEIGHT);
    for (const plane of [u, v]) copyRows(plane, 128, STRIDE / 2, LEFT / 2, TOP / 2, WIDTH / 2, HEIGHT / 2);
  })
  .add('set from a prepared row', () =>
    fillRectangle((data, value, start, end) => data.set(rows.get(value)!.subarray(0, end - start), start)),
  )
  .add('a loop', () =>
    fillRectangle((data, value, start, end) => {
      for (let i = start; i < end; i++) data[i] = value;
    }),
  );
await bench.run();
console.table(
  bench.tasks.map(({ name, result }) =>
    'latency' in result
      ? { name, 'p50 ms': result.latency.p50.toFixed(3), 'p99 ms': result.latency.p99.toFixed(3) }
      : { name },
  ),
);
