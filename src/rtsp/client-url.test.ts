import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSourceUrl, redactUrls } from './client-url.js';

describe('a source URL', () => {
  it('is taken apart, and keeps its path and query as written', () => {
    expect(parseSourceUrl('rtsp://user:pass@10.0.0.5:8554/Streaming/Channels/101?a=%20b&c')).toEqual({
      url: 'rtsp://10.0.0.5:8554/Streaming/Channels/101?a=%20b&c',
      tls: false,
      host: '10.0.0.5',
      port: 8554,
      credentials: { username: 'user', password: 'pass' },
    });
  });

  it('has the default port of its scheme', () => {
    expect(parseSourceUrl('rtsp://camera')).toMatchObject({ port: 554, url: 'rtsp://camera', credentials: null });
    expect(parseSourceUrl('RTSPS://camera/a')).toMatchObject({ port: 322, tls: true, url: 'rtsps://camera/a' });
  });

  it('may name an IPv6 host', () => {
    expect(parseSourceUrl('rtsp://[fe80::1]:554/a')).toMatchObject({ host: 'fe80::1', url: 'rtsp://[fe80::1]:554/a' });
  });

  it('may carry percent-encoded credentials, a bare @ or % in them, or a name alone', () => {
    expect(parseSourceUrl('rtsp://a%40b:c%3A%2Fd@camera/')?.credentials).toEqual({ username: 'a@b', password: 'c:/d' });
    expect(parseSourceUrl('rtsp://a:p@ss%@camera/')).toMatchObject({
      host: 'camera',
      credentials: { username: 'a', password: 'p@ss%' },
    });
    expect(parseSourceUrl('rtsp://a@camera/')?.credentials).toEqual({ username: 'a', password: '' });
  });

  it.each(['http://a/', 'rtsp://', 'rtsp://a:0/', 'rtsp://a:70000/', 'rtsp:/a', '', 'rtsp://a b/', 'rtsp://a/b c'])(
    'is refused as %j',
    (text) => {
      expect(parseSourceUrl(text)).toBeNull();
    },
  );

  it('never carries its credentials in what is sent', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9!$&'()*+,;=%:@-]{1,12}$/);
    fc.assert(
      fc.property(secret, (text) => {
        expect(parseSourceUrl(`rtsp://${text}@camera/a`)?.url).toBe('rtsp://camera/a');
      }),
    );
  });
});

it('takes credentials out of every URL of a text', () => {
  expect(redactUrls('from rtsp://a:b@c/d to RTSPS://e:f@g@h/i')).toBe('from rtsp://***@c/d to RTSPS://***@h/i');
  expect(redactUrls('rtsp://c/d@e')).toBe('rtsp://c/d@e');
});
