import { expect, it } from 'vitest';
import { streamAddress } from './stream-address.js';

it('names the address that the RTSP server listens on', () => {
  expect(streamAddress({ host: '127.0.0.1', port: 8554 }, 'localhost', 'lobby')).toBe('rtsp://127.0.0.1:8554/lobby');
  expect(streamAddress({ host: '::1', port: 554 }, null, 'lobby')).toBe('rtsp://[::1]:554/lobby');
});

it('names a listener on every interface as the client named the gateway', () => {
  expect(streamAddress({ host: '0.0.0.0', port: 8554 }, 'gateway.example', 'a')).toBe('rtsp://gateway.example:8554/a');
  expect(streamAddress({ host: '::', port: 8554 }, '2001:db8::5', 'a')).toBe('rtsp://[2001:db8::5]:8554/a');
  expect(streamAddress({ host: '::', port: 8554 }, null, 'a')).toBe('rtsp://localhost:8554/a');
});
