import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeFrame, FrameReader, type LinkFrame } from './framing.js';

const bytesOf = (head: object, body: Uint8Array): Buffer => Buffer.concat(encodeFrame(head, body));

describe('messages on the socket', () => {
  test('come out as they went in, whatever pieces the socket makes of them', () => {
    const message = fc.record({
      head: fc.dictionary(fc.string(), fc.jsonValue()),
      body: fc.uint8Array({ maxLength: 300 }),
    });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 6 }), fc.array(fc.integer({ min: 1, max: 50 })), (messages, cuts) => {
        const bytes = Buffer.concat(messages.map(({ head, body }) => bytesOf(head, body)));
        const heard: LinkFrame[] = [];
        const reader = new FrameReader((frame) => heard.push(frame));
        let at = 0;
        for (const length of cuts) {
          reader.push(bytes.subarray(at, at + length));
          at += length;
        }
        reader.push(bytes.subarray(at));
        expect(heard.map(({ head }) => head)).toEqual(messages.map(({ head }) => JSON.parse(JSON.stringify(head))));
        expect(heard.map(({ body }) => [...body])).toEqual(messages.map(({ body }) => [...body]));
      }),
    );
  });

  test('of unbelievable length are refused before any memory is taken for them', () => {
    const huge = Buffer.alloc(8);
    huge.writeUInt32LE(10, 0);
    huge.writeUInt32LE(0xffff_ffff, 4);
    expect(() => new FrameReader(() => undefined).push(huge)).toThrow(expect.objectContaining({ code: 'link-frame' }));
    const withBody = bytesOf({ type: 'ask' }, new Uint8Array(1));
    expect(() => new FrameReader(() => undefined, 0).push(withBody)).toThrow('none');
  });

  test('whose head is no JSON are refused', () => {
    const bytes = bytesOf({ a: 1 }, new Uint8Array(0));
    bytes[9] = 0x7b;
    expect(() => new FrameReader(() => undefined).push(bytes)).toThrow('JSON');
  });
});
