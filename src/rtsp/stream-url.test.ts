import { describe, expect, it } from 'vitest';
import { baseUrl, parseStreamUrl } from './stream-url.js';

describe('a stream URL', () => {
  it.each([
    ['rtsp://host:8554/lobby', 'lobby', 'stream'],
    ['rtsp://host:8554/lobby/', 'lobby', 'stream'],
    ['RTSPS://[::1]:322/lobby?token=1', 'lobby', 'stream'],
    ['rtsp://host/lobby/?a=b/c', 'lobby', 'stream'],
    ['rtsp://host/lobby/trackID=0', 'lobby', 'track'],
    ['rtsp://host/lobby/trackid=0/', 'lobby', 'track'],
    ['rtsp://host/lobby?a=b/trackID=0', 'lobby', 'track'],
    ['rtsp://host/lobby/trackID=1', 'lobby', 'unknown-track'],
    ['rtsp://host/floor%202/door', 'floor 2/door', 'stream'],
    ['rtsp://host', '', 'stream'],
    ['rtsp://user:pass@host/lobby', 'lobby', 'stream'],
  ])('%s names stream %j as %s', (url, streamId, part) => {
    expect(parseStreamUrl(url)).toEqual({ streamId, part });
  });

  it.each(['*', '/lobby', 'http://host/lobby', 'rtsp://host/%zz', ''])('is not found in %j', (url) => {
    expect(parseStreamUrl(url)).toBeNull();
  });

  it('has a base without query and trailing slash', () => {
    expect(baseUrl('rtsp://host/lobby/?a=b')).toBe('rtsp://host/lobby');
  });
});
