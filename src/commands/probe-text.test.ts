import { describe, expect, it } from 'vitest';
import type { ProbeReport } from './probe-report.js';
import { formatProbe } from './probe-text.js';

const camera = (server: string, problem: string | null = null): ProbeReport => ({
  source: 'rtsp://***@10.0.0.5/stream1',
  offer: {
    kind: 'rtsp',
    profile: {
      url: 'rtsp://10.0.0.5/stream1',
      server,
      methods: ['OPTIONS', 'DESCRIBE'],
      authentication: 'Digest SHA-256',
      name: '',
      medias: [
        { type: 'video', encodings: ['MP4V-ES'], profile: 'RTP/AVP', framerate: null, control: null },
        { type: 'video', encodings: ['H265'], profile: 'RTP/AVP', framerate: 25, control: 'track2' },
        { type: 'application', encodings: ['vnd.onvif.metadata'], profile: 'RTP/AVP', framerate: null, control: 't3' },
      ],
      video: problem ? null : { codec: 'h265', parameterSets: [], offeredAudio: false, clockRate: 90_000 },
      problem,
    },
  },
  picture: null,
  problem: 'no picture could be decoded within 6 s',
});

describe('the text of a probe', () => {
  it('is a line for the source and one for each fact', () => {
    expect(formatProbe(camera('Cam 1.0'))).toBe(
      [
        'rtsp://***@10.0.0.5/stream1',
        '  server          Cam 1.0',
        '  authentication  Digest SHA-256',
        '  methods         OPTIONS DESCRIBE',
        '  video           MP4V-ES, RTP/AVP; never taken',
        '  video           H265, RTP/AVP, 25 fps, track2; would be taken',
        '  application     vnd.onvif.metadata, RTP/AVP, t3; never taken',
        '  picture         no picture could be decoded within 6 s',
        '',
      ].join('\n'),
    );
  });

  it('says why nothing can be taken', () => {
    expect(formatProbe(camera('Cam 1.0', 'the source offers no video'))).toContain(
      '  problem         the source offers no video\n',
    );
  });

  it('lets no control character of a hostile source reach the terminal', () => {
    const text = formatProbe(camera('evil\u001b[2J\r\nserver\u0007\u009b'));
    expect(text).toContain('evil?[2J??server??');
    expect(text.replace(/\n/g, '')).not.toMatch(/\p{Cc}/u);
  });
});
