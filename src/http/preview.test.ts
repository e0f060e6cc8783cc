import { expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import type { Mpeg1Listener, Mpeg1Stream } from '../preview/mpeg1-stream.js';
import { Preview } from './preview.js';

const page = (bufferedAmount: number) => {
  const got: string[] = [];
  const note = (what: string) => (): void => void got.push(what);
  const socket = { bufferedAmount, send: note('bytes'), close: note('close'), terminate: note('terminate') };
  return { got, socket: socket as unknown as WebSocket };
};

it('a preview whose pictures are stale goes on with a new stream, without the pages for which any of them wait', () => {
  const made: Mpeg1Listener[] = [];
  const closed: number[] = [];
  const preview = new Preview(
    (listener) => {
      const index = made.push(listener) - 1;
      return { close: () => closed.push(index) } as unknown as Mpeg1Stream;
    },
    () => undefined,
  );
  const [quick, slow] = [page(0), page(1)];
  preview.add(quick.socket);
  preview.add(slow.socket);
  made[0]!.stale();
  expect([made.length, closed]).toEqual([2, [0]]);
  expect(slow.got).toEqual(['terminate']);
  preview.remove(slow.socket);
  made[1]!.data(Buffer.alloc(1));
  expect(quick.got).toEqual(['bytes']);
});
