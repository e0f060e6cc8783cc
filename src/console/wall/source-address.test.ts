import { expect, it } from 'vitest';
import { holdsPassword, slugOf, withCredentials } from './source-address.js';

it('puts user and password into an address as they must be written there', () => {
  const address = withCredentials('rtsp://10.0.0.9/1?a=b', 'admin', 'p@ss/w$&:rd');
  expect(address).toBe('rtsp://admin:p%40ss%2Fw%24%26%3Ard@10.0.0.9/1?a=b');
  expect(decodeURIComponent(new URL(address).password)).toBe('p@ss/w$&:rd');
  expect(holdsPassword(address)).toBe(true);
  expect(withCredentials('rtsp://10.0.0.9/1', '', '')).toBe('rtsp://10.0.0.9/1');
  expect(holdsPassword('rtsp://${U}:${P}@10.0.0.9/1')).toBe(false);
});

it('names a camera by what it calls itself', () => {
  expect(slugOf('  Dahua IPC-HFW (Gate 2) ')).toBe('dahua-ipc-hfw-gate-2');
  expect(slugOf('门口')).toBe('');
});
