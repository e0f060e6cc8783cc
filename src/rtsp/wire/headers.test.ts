import { expect, it } from 'vitest';
import { Headers } from './headers.js';

it('finds a header whatever the case of its name', () => {
  const headers = new Headers({ CSeq: 7, 'Content-Base': 'rtsp://a/' });
  expect(headers.get('cseq')).toBe('7');
  expect(headers.get('CONTENT-BASE')).toBe('rtsp://a/');
  expect(headers.has('Session')).toBe(false);
});

it('keeps several values of one name in order', () => {
  const headers = new Headers().append('WWW-Authenticate', 'Digest').append('www-authenticate', 'Basic');
  expect(headers.getAll('WWW-Authenticate')).toEqual(['Digest', 'Basic']);
  expect(headers.get('WWW-Authenticate')).toBe('Digest');
  expect(headers.size).toBe(2);
});

it('replaces every value with set, and leaves out undefined ones', () => {
  const headers = new Headers({ Session: undefined }).append('A', '1').append('a', '2').set('A', '3');
  expect([...headers]).toEqual([['A', '3']]);
});
