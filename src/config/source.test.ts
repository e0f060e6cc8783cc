import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { displayUrl, parseRtspUrl, parseSource, secretsOfUrl } from './source.js';

describe('a source', () => {
  test('is an RTSP address, a path, or a demo scene', () => {
    expect(parseSource('rtsp://10.0.0.5/1')).toMatchObject({ value: { kind: 'rtsp', secure: false } });
    expect(parseSource('RTSPS://10.0.0.5/1')).toMatchObject({ value: { kind: 'rtsp', secure: true } });
    expect(parseSource('rtsp://[fe80::1]:554/1')).toMatchObject({ value: { kind: 'rtsp' } });
    expect(parseSource('clips/a b.mp4')).toMatchObject({ value: { kind: 'file', path: 'clips/a b.mp4' } });
    expect(parseSource('C:\\clips\\a.mp4')).toMatchObject({ value: { kind: 'file' } });
    expect(parseSource('demo:lobby')).toMatchObject({ value: { kind: 'demo', scene: 'lobby' } });
  });

  test('of any other protocol is refused', () => {
    for (const text of [
      'http://a/b',
      'file:///a',
      'concat:a|b',
      'pipe:0',
      'data:x',
      'crypto:a',
      'tcp://a:1',
      'rtspu://a/b',
    ]) {
      expect(parseSource(text)).toMatchObject({ ok: false, code: 'scheme-not-allowed' });
    }
  });

  test('cannot smuggle a line into a request', () => {
    for (const text of ['rtsp://a/b\r\nX: y', 'rtsp://a/b c', 'rtsp://a\0b/', 'rtsp://a/\u0085']) {
      expect(parseSource(text)).toMatchObject({ ok: false });
    }
  });

  test('that is accepted is either no address at all or one with a host', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('rtsp:', 'rtsp:/', 'rtsp://', 'rtsps://', 'demo:', ''),
        fc.string(),
        (start, rest) => {
          const source = parseSource(start + rest);
          if (source.ok && source.value.kind === 'rtsp') {
            expect(new URL(source.value.url).hostname).not.toBe('');
            expect(() => displayUrl(start + rest)).not.toThrow();
            expect(() => secretsOfUrl(start + rest)).not.toThrow();
          }
        },
      ),
    );
  });
});

describe('an address as it is shown', () => {
  test('keeps host, port and path, and hides the rest', () => {
    expect(displayUrl('rtsp://admin:x@10.0.0.5:554/stream1?token=abc')).toBe('rtsp://***@10.0.0.5:554/stream1?***');
    expect(displayUrl('rtsp://10.0.0.5/stream1')).toBe('rtsp://10.0.0.5/stream1');
  });

  test('hides the credentials that cheap cameras take in the path', () => {
    const url = 'rtsp://10.0.0.5/user=admin&password=tlJwpbo6&channel=1&stream=0.sdp';
    expect(displayUrl(url)).toBe('rtsp://10.0.0.5/user=***&password=***&channel=1&stream=0.sdp');
    expect(secretsOfUrl(url)).toContain('tlJwpbo6');
  });

  test('has secrets that are found decoded, encoded and as Basic authentication sends them', () => {
    expect(secretsOfUrl('rtsp://u:p%40ss@h/1')).toEqual(['p%40ss', 'p@ss', Buffer.from('u:p@ss').toString('base64')]);
  });
});

test('a push address is RTSP and nothing else', () => {
  expect(parseRtspUrl('rtsp://nvr/lobby').ok).toBe(true);
  expect(parseRtspUrl('clip.mp4').ok).toBe(false);
  expect(parseRtspUrl('rtmp://nvr/lobby').ok).toBe(false);
});
