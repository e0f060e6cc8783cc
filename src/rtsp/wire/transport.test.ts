import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatTransport, parseTransports, type Transport } from './transport.js';

describe('the Transport header', () => {
  it('is read as ffmpeg, GStreamer and VLC send it', () => {
    expect(parseTransports('RTP/AVP/TCP;unicast;interleaved=0-1')).toMatchObject([
      { protocol: 'tcp', delivery: 'unicast', interleaved: [0, 1] },
    ]);
    expect(parseTransports('RTP/AVP/UDP;unicast;client_port=5000-5001')).toMatchObject([
      { protocol: 'udp', clientPort: [5000, 5001] },
    ]);
    expect(parseTransports('RTP/AVP;multicast;destination=224.1.1.1;port=6000-6001;ttl=16')).toMatchObject([
      { delivery: 'multicast', destination: '224.1.1.1', port: [6000, 6001], ttl: 16 },
    ]);
  });

  it('keeps the order of alternatives and leaves out unknown profiles', () => {
    const value =
      'RTP/SAVP;unicast;client_port=1-2,RTP/AVP/TCP;interleaved=2-3,RTP/AVP;client_port=3-4;mode="PLAY,RECORD"';
    expect(parseTransports(value)).toMatchObject([
      { protocol: 'tcp', interleaved: [2, 3] },
      { protocol: 'udp', clientPort: [3, 4], mode: 'record' },
    ]);
  });

  it('takes one port as two, and no port beyond what there is', () => {
    expect(parseTransports('RTP/AVP;client_port=5000')[0]?.clientPort).toEqual([5000, 5001]);
    expect(parseTransports('RTP/AVP;client_port=65535')[0]?.clientPort).toBeUndefined();
    expect(parseTransports('RTP/AVP;client_port=70000-70001')[0]?.clientPort).toBeUndefined();
    expect(parseTransports('RTP/AVP/TCP;interleaved=255')[0]?.interleaved).toBeUndefined();
  });

  it('reads an ssrc as hexadecimal, and recording however it is written', () => {
    expect(parseTransports('RTP/AVP/TCP;unicast;ssrc=DEADBEEF;mode=receive')[0]).toMatchObject({
      ssrc: 0xdeadbeef,
      mode: 'record',
    });
    expect(parseTransports('RTP/AVP/TCP;mode="RECORD"')[0]?.mode).toBe('record');
  });

  it('comes back as it was written', () => {
    const port = fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 255 }));
    const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
    const transport: fc.Arbitrary<Transport> = fc.record({
      protocol: fc.constantFrom('tcp', 'udp'),
      delivery: fc.constantFrom('unicast', 'multicast'),
      interleaved: optional(port),
      clientPort: optional(port),
      serverPort: optional(port),
      port: optional(port),
      destination: optional(fc.ipV4()),
      source: optional(fc.ipV6()),
      ttl: optional(fc.integer({ min: 0, max: 255 })),
      ssrc: optional(fc.integer({ min: 0, max: 0xffffffff })),
      mode: optional(fc.constantFrom('play', 'record')),
    });
    fc.assert(
      fc.property(fc.array(transport, { maxLength: 3 }), (transports) => {
        expect(parseTransports(formatTransport(...transports))).toEqual(transports);
      }),
    );
  });

  it('survives any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary-ascii' }), (value) => void parseTransports(`RTP/AVP;${value}`)));
  });
});
